import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

@Suite(.timeLimit(.minutes(5)))
struct ToolboxTests {
    private struct Echo: Tool {
        let description = ToolDescription(name: "echo", purpose: "", parameters: .object([:]))

        func run(_ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String {
            try arguments.text("text")
        }
    }

    private struct Stuck: Tool {
        let description = ToolDescription(name: "stuck", purpose: "", parameters: .object([:]))
        let time: ManualTime

        func run(_ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String {
            do { try await time.sleep(for: .seconds(3600)) } catch { throw ToolFailure("cancelled") }
            return "late"
        }
    }

    private let time = ManualTime()

    private func turn() async throws -> Turn { try await StoreSamples.begin("1", in: InMemoryStore()) }

    private func result(_ name: String, _ arguments: String) async throws -> String {
        let box = Toolbox([Echo(), Stuck(time: time)], time: time)
        return await box.result(of: ToolCall(id: "1", name: name, arguments: arguments), in: try await turn())
    }

    @Test(arguments: [
        ("echo", #"{"text": "hi"}"#, "hi"), ("echo", #"{"text": 7}"#, "7"),
        ("echo", "{}", "error: the argument text is missing"), ("echo", "", "error: the argument text is missing"),
        ("echo", #"{"text": "  "}"#, "error: the argument text is missing"),
        ("echo", #"{"text": [1]}"#, "error: the argument text is not a text"),
        ("echo", #"{"text": "#, "error: the arguments are not a JSON object"),
        ("echo", "[1]", "error: the arguments are not a JSON object"),
        ("shell", "{}", "error: there is no such tool; there are echo, stuck"),
    ])
    func tellsTheModelWhatCameOfACall(name: String, arguments: String, result: String) async throws {
        #expect(try await self.result(name, arguments) == result)
    }

    @Test func longResultsAndArgumentsAreBounded() async throws {
        let long = String(repeating: "ü", count: 3_900)
        let result = try await result("echo", #"{"text": "\#(long)"}"#)
        #expect(result.hasPrefix("üüü"))
        #expect(result.hasSuffix("[cut here: the result was too long]"))
        #expect(result.utf8.count < Toolbox.longestResult + 50)
        let hostile = #"{"text": "\#(String(repeating: "x", count: 9_000))"}"#
        #expect(try await self.result("echo", hostile) == "error: the arguments are too long")
    }

    @Test func aToolThatHangsIsGivenUp() async throws {
        async let result = result("stuck", "{}")
        await time.waitForSleepers(2)
        time.advance(by: .seconds(20))
        #expect(try await result == "error: it took too long")
    }
}

struct CurrentTimeToolTests {
    @Test(arguments: [
        ("UTC", "Monday, 2026-11-23 04:31 in UTC"),
        ("Europe/Berlin", "Monday, 2026-11-23 05:31 in Europe/Berlin (UTC+01:00)"),
        ("europe/berlin", "Monday, 2026-11-23 05:31 in Europe/Berlin (UTC+01:00)"),
        ("America/New_York", "Sunday, 2026-11-22 23:31 in America/New_York (UTC-05:00)"),
        ("Asia/Kathmandu", "Monday, 2026-11-23 10:16 in Asia/Kathmandu (UTC+05:45)"),
    ])
    func tellsTheTime(zone: String, words: String) throws {
        let found = try #require(CurrentTimeTool.zone(zone))
        // 2026-11-23 04:31:20 UTC.
        #expect(CurrentTimeTool.words(for: Timestamp(rawValue: 1_795_408_280_000), in: found) == words)
    }

    @Test(arguments: ["", "Berlin", "CST", "../../etc/passwd", "Europe/Nowhere", String(repeating: "a/", count: 99)])
    func knowsNoOtherZones(zone: String) { #expect(CurrentTimeTool.zone(zone) == nil) }
}
