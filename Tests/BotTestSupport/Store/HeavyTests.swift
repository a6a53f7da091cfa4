/// Lets so many tests with databases, servers and processes of their own run at once; the others wait.
///
/// All tests of a process are begun together. Hundreds of them that share two processors all become slow enough for real deadlines to pass.
actor HeavyTests {
    static let shared = HeavyTests(limit: 8)
    /// Whether the test that runs has its place already: one within another must not wait for itself.
    @TaskLocal static var hasPlace = false

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(limit: Int) { free = limit }

    /// Waits for a place; each is given back.
    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func giveBack() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
