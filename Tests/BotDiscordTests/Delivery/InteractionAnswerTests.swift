import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotDiscord

/// Where the answer to a slash command goes, and for how long.
@Suite(.timeLimit(.minutes(5)))
struct InteractionAnswerTests: SenderSuite {
    let time = ManualTime()

    @Test("D16, D31: answers to interactions carry no bot token")
    func interactionsCarryNoToken() async throws {
        let http = ScriptedHTTP([Self.created, Self.created])
        let sender = try sender(http)
        _ = try await sender.send("a", to: interaction(), nonce: "n", isFirst: true)
        _ = try await sender.send("b", to: interaction(), nonce: "m", isFirst: false)
        #expect(http.requests.map(\.method) == ["PATCH", "POST"])
        #expect(
            http.requests.map { $0.url.replacing("https://discord.com/api/v10", with: "") }
                == ["/webhooks/2/tok/messages/@original", "/webhooks/2/tok"])
        #expect(http.requests.allSatisfy { HTTPHeaders($0.headers)["Authorization"] == nil })
        #expect(try body(http.requests.last).members?["flags"] == .integer(68))
    }

    @Test("D31: past fifteen minutes the answer goes into the channel; one for the person alone is not told there")
    func oldInteraction() async throws {
        let http = ScriptedHTTP([Self.created, Self.created, Self.created])
        let sender = try sender(http)
        for (isPrivate, isFirst) in [(false, true), (true, true), (true, false)] {
            let address = interaction(age: .seconds(20 * 60), isPrivate: isPrivate)
            _ = try await sender.send("a", to: address, nonce: "n", isFirst: isFirst)
        }
        #expect(Set(paths(http)) == ["POST /channels/5/messages"])
        let texts = try http.requests.map { try body($0).members?["content"] }
        #expect(texts == ["a", DiscordSender.tooLate, DiscordSender.restTooLate].map { .string($0) })
        #expect(try body(http.requests[1]).members?["nonce"] == .string("n"))
    }

    @Test(
        "D31: an interaction that is not known any more is answered in the channel", arguments: [10015, 50027, 10062])
    func unknownInteraction(_ code: Int) async throws {
        let http = ScriptedHTTP([.answer(404, #"{"code":\#(code),"message":"x"}"#, []), Self.created])
        _ = try await sender(http).send("a", to: interaction(isPrivate: false), nonce: "n", isFirst: true)
        #expect(http.requests.map(\.method) == ["PATCH", "POST"])
        #expect(try body(http.requests[1]).members?["content"] == .string("a"))
    }
}
