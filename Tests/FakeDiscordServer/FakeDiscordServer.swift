import BotCore
import BotTestSupport
import Foundation

/// Serves the fake Discord until its standard input ends, for clients that are not ours. Each line that is typed is an order, as
/// `close 4000` or `say Hello`, and is answered by a line.
@main
enum FakeDiscordServer {
    private static let person = "1200000000000000042"

    static func main() async throws {
        try await withFakeDiscord { fake in
            // The drill wants to know who comes back when, not who keeps to the limits, and has no server.
            fake.limitRates(false)
            fake.leaveServer()
            try answer("\(try await fake.url) \(fake.token)")
            for await line in lines() { try answer(obey(line, fake)) }
        }
    }

    private static func lines() -> AsyncStream<String> {
        let (lines, incoming) = AsyncStream.makeStream(of: String.self)
        // Reading waits, and must not do so on a thread that serves.
        Thread.detachNewThread {
            while let line = readLine() { incoming.yield(line) }
            incoming.finish()
        }
        return lines
    }

    /// Not by `print`, which keeps what goes into a pipe until it ends.
    private static func answer(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    private static func obey(_ line: String, _ fake: FakeDiscord) -> String {
        let words = line.split(separator: " ").map(String.init)
        let number = words.dropFirst().first.flatMap { Int($0) } ?? 0
        let isOn = words.last == "on" || words.last == "true"
        switch words.first {
        case "say": fake.user(person).say(words.dropFirst().joined(separator: " "))
        case "replies": return "\(fake.sent(in: fake.directChannel(with: person)).count)"
        case "ready": return fake.isReady ? "yes" : "no"
        case "counts": return "identifies=\(fake.identifyCount) resumes=\(fake.resumeCount)"
        case "close": fake.closeAll(number)
        case "end": fake.endSessions(closing: number)
        case "drop": fake.dropAll()
        case "reconnect": fake.askReconnect()
        case "invalidate": fake.invalidate(resumable: isOn)
        case "mute": fake.muteAll()
        case "heartbeat": fake.setHeartbeatInterval(number)
        case "withhold-hello": fake.withholdHello(times: number)
        case "withhold-ready": fake.withholdReady(times: number)
        case "break-resume": fake.breakResumeAddress(isOn)
        case "fail-gateway": fake.fail("GET /gateway", .status(500), times: number)
        case "rest-down": fake.takeRESTDown(isOn)
        default: return "unknown order"
        }
        return "done"
    }
}
