/// When the loop must look at its deadlines again at the latest. Most changes only put a deadline off; those that may bring one
/// forward say so here, and in between nothing is looked at.
final class Alarm {
    private(set) var at: Duration = .zero

    /// Something may be due at that time.
    func bring(forwardTo time: Duration?) {
        if let time, time < at { at = time }
    }

    /// All deadlines have been looked at.
    func set(to time: Duration) { at = time }
}
