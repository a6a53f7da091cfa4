import Testing

@testable import BotHTTP

struct DeadlineTrackerTests {
    private enum Step { case connected, progressed(Int), paused, ended }

    private static let deadlines = HTTPDeadlines(
        connect: .seconds(10), firstByte: .seconds(30), idle: .seconds(5), total: .seconds(60))

    private static let table: [(deadlines: HTTPDeadlines, steps: [Step], at: Int?, phase: HTTPError.Phase?)] = [
        (deadlines, [], 110, .connect),
        (deadlines, [.connected], 130, .firstByte),
        (deadlines, [.connected, .progressed(120)], 125, .idle),
        (deadlines, [.connected, .progressed(120), .progressed(123)], 128, .idle),
        (deadlines, [.connected, .progressed(158)], 160, .total),
        (deadlines, [.connected, .progressed(120), .paused], 160, .total),
        (deadlines, [.connected, .progressed(120), .paused, .progressed(140)], 145, .idle),
        // A second connect, after libcurl's own retry, begins no stage anew.
        (deadlines, [.connected, .progressed(120), .connected], 125, .idle),
        (deadlines, [.connected, .ended], nil, nil),
        (HTTPDeadlines(connect: .seconds(10), firstByte: nil, idle: nil, total: nil), [], 110, .connect),
        (HTTPDeadlines(connect: .seconds(10), firstByte: nil, idle: nil, total: nil), [.connected], nil, nil),
        (HTTPDeadlines(connect: .seconds(10), firstByte: .seconds(2), idle: nil, total: nil), [], 102, .firstByte),
        (HTTPDeadlines(connect: .seconds(10), firstByte: nil, idle: nil, total: .seconds(3)), [], 103, .total),
    ]

    @Test(arguments: table.indices)
    func namesTheDeadlineThatComesFirst(row: Int) {
        let (deadlines, steps, at, phase) = Self.table[row]
        var tracker = DeadlineTracker(deadlines, start: .seconds(100))
        for step in steps {
            switch step {
            case .connected: tracker.connected()
            case .progressed(let now): tracker.progressed(at: .seconds(now))
            case .paused: tracker.paused()
            case .ended: tracker.ended()
            }
        }
        #expect(tracker.next?.at == at.map { .seconds($0) })
        #expect(tracker.next?.phase == phase)
    }
}
