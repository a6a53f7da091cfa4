/// What was learnt of the models that were used last.
struct RecentModels: Sendable {
    private struct Entry {
        var learnt: LearntRate
        var lastUse: Int
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    mutating func learnt(of model: String) -> LearntRate? {
        guard entries[model] != nil else { return nil }
        uses += 1
        entries[model]?.lastUse = uses
        return entries[model]?.learnt
    }

    /// Changes what was learnt of a model; the first time of one, the model used least recently may have to go.
    mutating func change(_ model: String, startingAs start: LearntRate, _ body: (inout LearntRate) -> Void) {
        if entries[model] == nil, entries.count >= capacity,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            entries[oldest.key] = nil
        }
        uses += 1
        body(&entries[model, default: Entry(learnt: start, lastUse: uses)].learnt)
        entries[model]?.lastUse = uses
    }
}
