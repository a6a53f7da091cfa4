import StoreWorkload

/// What a store has acknowledged to the chats of a workload, over all lives of those that wrote.
struct Ledger: Sendable {
    let workload: StoreWorkload
    private(set) var messages: [Deed.Place: Int64] = [:]
    /// The deeds of each chat whose events were accepted.
    private(set) var accepted: [Set<Int>]
    /// The first deed of each chat that is not done.
    private(set) var next: [Int]
    /// The deeds of each chat that were done, and that the life which ended last may have been doing again.
    private(set) var again: [Range<Int>]
    /// What was last shown of each chat.
    private(set) var views: [Int: View] = [:]
    private(set) var problems: [String] = []
    private(set) var count = 0

    init(_ workload: StoreWorkload) {
        self.workload = workload
        accepted = Array(repeating: [], count: workload.chats)
        next = Array(repeating: 0, count: workload.chats)
        again = Array(repeating: 0..<0, count: workload.chats)
    }

    /// A life begins in which each chat begins with this deed.
    mutating func begins(with first: [Int]) { again = zip(first, next).map { $0..<$1 } }

    mutating func note(_ acknowledgement: Acknowledgement) {
        count += 1
        switch acknowledgement {
        case .accepted(let chat, let deed): accepted[chat].insert(deed)
        case .message(let place, let seq):
            if let known = messages.updateValue(seq, forKey: place), known != seq {
                problems.append("message \(place) was acknowledged as \(known) and as \(seq)")
            }
        case .view(let chat, let view): views[chat] = view
        case .done(let chat, let deed):
            next[chat] = max(next[chat], deed + 1)
            again[chat] = min(deed + 1, again[chat].upperBound)..<again[chat].upperBound
        case .problem(let problem): problems.append(problem)
        }
    }
}
