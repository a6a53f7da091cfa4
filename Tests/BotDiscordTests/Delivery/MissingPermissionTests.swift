import BotCore
import BotTestSupport
import Testing

@testable import BotDiscord

/// What is said where a permission is missing.
@Suite(.timeLimit(.minutes(5)))
struct MissingPermissionTests: SenderSuite {
    let time = ManualTime()
    let links = LinkMonitor(time: ManualTime())

    @Test("A permission that is missing in a channel is said once, with the mend", arguments: [50_001, 50_013])
    func missingPermission(_ code: Int) async throws {
        let refusal = ScriptedHTTP.Step.answer(403, #"{"code":\#(code),"message":"Missing"}"#, [])
        let sender = try sender(ScriptedHTTP([refusal, refusal]))
        links.set("discord", to: .connected)
        for _ in 0..<2 {
            await #expect(throws: DeliveryError.self) {
                try await sender.send("a", to: channel, nonce: "n", isFirst: false)
            }
        }
        links.seen("discord")
        let problem = try #require(links.all["discord"]?.problem)
        #expect(problem.contains("channel 5") && problem.contains(code == 50_001 ? "View Channel" : "Send Messages"))
        links.set("discord", to: .failed, problem: "worse")
        #expect(links.all["discord"]?.problem == "worse")
    }

    @Test("D28: a permission counts as missing until something that needs it goes well, and may be missing again")
    func mendedPermissions() async throws {
        let refusal = ScriptedHTTP.Step.answer(403, #"{"code":50013,"message":"Missing"}"#, [])
        let sender = try sender(ScriptedHTTP([refusal, Self.created, refusal, Self.created, refusal]))
        links.set("discord", to: .connected)
        func problem() -> String? { links.all["discord"]?.problem }
        await #expect(throws: DeliveryError.self) {
            try await sender.send("a", to: channel, nonce: "n", isFirst: true)
        }
        #expect(problem()?.contains("Send Messages") == true)
        _ = try await sender.send("a", to: channel, nonce: "n", isFirst: true)
        #expect(problem() == nil)
        // The answer goes into the channel, where no thread can be opened.
        let thread = DiscordAddress(
            channel: "9", replyTo: nil, interaction: nil, thread: .init(parent: "5", name: "a question"))
        _ = try await sender.send("a", to: thread, nonce: "n", isFirst: true)
        #expect(problem()?.contains("channel 5: let my role open threads there") == true)
        await #expect(throws: DeliveryError.self) {
            try await sender.send("a", to: channel, nonce: "n", isFirst: true)
        }
        #expect(problem()?.contains("Send Messages") == true)
    }
}
