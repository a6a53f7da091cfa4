import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Testing

@testable import BotDiscord

/// What goes out with a message, an edit and a removal.
@Suite(.timeLimit(.minutes(5)))
struct SenderTests: SenderSuite {
    let time = ManualTime()

    @Test("D16: the token, a User-Agent of Discord's form and the content's type go with each request")
    func headers() async throws {
        let http = ScriptedHTTP([Self.created])
        let id = try await sender(http).send("Hi", to: channel, nonce: "n1", isFirst: true)
        #expect(id == "77")
        let request = try #require(http.requests.first)
        #expect(request.url == "https://discord.com/api/v10/channels/5/messages" && request.method == "POST")
        let headers = HTTPHeaders(request.headers)
        #expect(headers["Authorization"] == "Bot MTAw.a.b")
        #expect(headers["User-Agent"]?.wholeMatch(of: #/DiscordBot \(https://\S+, \d\S*\)/#) != nil)
        #expect(headers["Content-Type"] == "application/json")
    }

    @Test("D20, D22, D23: nonce, forbidden pings and the reply go with the first message")
    func firstMessage() async throws {
        let http = ScriptedHTTP([Self.created])
        _ = try await sender(http).send("Hi", to: channel, nonce: "n1", isFirst: true)
        let json = try body(http.requests.first)
        #expect(
            json.members == [
                "content": .string("Hi"), "nonce": .string("n1"), "enforce_nonce": .bool(true),
                "allowed_mentions": .object(["parse": .array([]), "replied_user": .bool(false)]),
                "message_reference": .object(["message_id": .string("9"), "fail_if_not_exists": .bool(false)]),
                "flags": .integer(4),
            ])
    }

    @Test("D22: edits forbid pings, too")
    func edits() async throws {
        let http = ScriptedHTTP([Self.created])
        try await sender(http).edit("3", to: "new", at: channel)
        let request = try #require(http.requests.first)
        #expect(request.method == "PATCH" && request.url.hasSuffix("/channels/5/messages/3"))
        let json = try body(request)
        #expect(json.members?["allowed_mentions"] == .object(["parse": .array([]), "replied_user": .bool(false)]))
        #expect(json.members?["components"] == .array([]), "old buttons go")
    }

    @Test("D26: links get no cards, in new messages, edits and answers to interactions")
    func noCards() async throws {
        let http = ScriptedHTTP([Self.created, Self.created, Self.created, Self.created])
        let sender = try sender(http)
        _ = try await sender.send("https://x.y", to: channel, nonce: "n", isFirst: true)
        try await sender.edit("3", to: "https://x.y", at: channel)
        _ = try await sender.send("https://x.y", to: interaction(), nonce: "n", isFirst: true)
        _ = try await sender.send("https://x.y", to: interaction(), nonce: "m", isFirst: false)
        #expect(try http.requests.map { try body($0).members?["flags"] } == [4, 4, 4, 68].map { .integer($0) })
    }

    @Test("A file goes with its message, in a channel and as an answer to a command")
    func sendsFiles() async throws {
        let http = ScriptedHTTP([Self.created, Self.created])
        let sender = try sender(http)
        let file = ReplyFile(name: "a \"b\".md", mediaType: "text/markdown", content: "# Höhe")
        _ = try await sender.send("here", file: file, to: channel, nonce: "n", isFirst: true)
        _ = try await sender.send("here", file: file, to: interaction(), nonce: "n", isFirst: true)
        #expect(http.requests.map(\.method) == ["POST", "PATCH"])
        for request in http.requests {
            let type = try #require(request.headers.first { $0.name == "Content-Type" }?.value)
            let boundary = try #require(type.split(separator: "boundary=").last)
            let text = String(decoding: try #require(request.body), as: UTF8.self)
            let parts = text.components(separatedBy: "--\(boundary)").map { $0.components(separatedBy: "\r\n\r\n") }
            #expect(parts.count == 4 && parts[3] == ["--\r\n"])
            #expect(parts[1][0].contains(#"name="payload_json""#))
            #expect(parts[1][1].contains(#""content":"here""#))
            #expect(parts[1][1].contains(#""attachments":[{"#) && parts[1][1].contains(#""filename":"a \"b\".md""#))
            #expect(parts[2][0].contains(#"name="files[0]"; filename="a b.md""#))
            #expect(parts[2][1] == "# Höhe\r\n")
        }
    }

    @Test("Promise 1: only what carries a nonce, or is an edit, is repeated without a label")
    func repeatsThatAreHarmless() throws {
        let sender = try sender(ScriptedHTTP([]))
        #expect(sender.repeatIsHarmless(at: channel, isFirst: false, since: .seconds(60)))
        #expect(!sender.repeatIsHarmless(at: channel, isFirst: true, since: .seconds(600)))
        #expect(sender.repeatIsHarmless(at: interaction(), isFirst: true, since: .seconds(600)))
        #expect(!sender.repeatIsHarmless(at: interaction(), isFirst: false, since: .seconds(1)))
        #expect(!sender.repeatIsHarmless(at: interaction(age: .seconds(3600)), isFirst: true, since: .seconds(1)))
    }

    @Test("D23: without the right to read the history the answer comes without a reply")
    func noHistory() async throws {
        let http = ScriptedHTTP([.answer(400, #"{"code":160002,"message":"x"}"#, []), Self.created])
        _ = try await sender(http).send("a", to: channel, nonce: "n", isFirst: true)
        #expect(try body(http.requests.last).members?["message_reference"] == nil)
    }

    @Test("A message is taken away, and one that is gone already is fine")
    func removes() async throws {
        let http = ScriptedHTTP([.answer(204, "", []), .answer(404, #"{"code":10008}"#, [])])
        let sender = try sender(http)
        for _ in 0..<2 { try await sender.remove("3", at: channel) }
        #expect(http.requests.map(\.method) == ["DELETE", "DELETE"])
        #expect(http.requests.allSatisfy { $0.url.hasSuffix("/channels/5/messages/3") })
    }
}
