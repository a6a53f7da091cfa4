/// What came out of a `TrafficRun`.
struct TrafficFigures: Sendable {
    var asked = 0
    var answered = 0
    var labelled = 0
    var repeats = 0
    /// Requests that went wrong, by the kind of fault.
    var faults: [String: Int] = [:]
    var requests = 0
    /// Each minute: the bot's resident memory in MiB, and how many messages were not answered yet.
    var memory: [Int] = []
    var backlog: [Int] = []
    /// How long it took from the last message until all was answered.
    var rest = 0
    var seconds = 0
    /// What was lost, repeated, out of order or left unfinished, and whatever else is wrong.
    var problems: [String] = []

    /// One line for a person and for a script.
    var line: String {
        let kinds = faults.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        return "messages=\(asked) answered=\(answered) labelled=\(labelled) labelled_repeats=\(repeats) "
            + "requests=\(requests) faults=\(kinds) memory_mib=\(memory.map(String.init).joined(separator: ",")) "
            + "backlog=\(backlog.map(String.init).joined(separator: ",")) problems=\(problems.count) "
            + "rest_seconds=\(rest) seconds=\(seconds)"
    }
}
