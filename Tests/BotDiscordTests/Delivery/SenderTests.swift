import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotDiscord

@Suite(.timeLimit(.minutes(5)))
struct SenderTests {
    private let time = ManualTime()
    private let links = LinkMonitor(time: ManualTime())
    private let channel = DiscordAddress(channel: "5", replyTo: "9", interaction: nil)

    private func sender(_ http: ScriptedHTTP) throws -> DiscordSender {
        let rest = DiscordREST(
            http: http, baseURL: "https://discord.com/api/v10", token: try requireSecret("MTAw.a.b"), time: time,
            logger: Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() }))
        let logger = Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() })
        let permissions = PermissionWatch(links: links, logger: logger)
        return DiscordSender(
            rest: rest, ledger: InteractionLedger(),
            threads: ThreadOpener(rest: rest, permissions: permissions, logger: logger), permissions: permissions,
            time: time)
    }

    private func body(_ request: HTTPRequest?) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try #require(request?.body)))
    }

    private func interaction(age: Duration = .zero, isPrivate: Bool = true) -> DiscordAddress {
        DiscordAddress(
            channel: "5", replyTo: nil,
            interaction: .init(
                id: "7", token: "tok", application: "2", acceptedAt: time.now - age, isPrivate: isPrivate))
    }

    private static let created = ScriptedHTTP.Step.answer(200, #"{"id":"77"}"#, [])

    @Test("Promise 1: only what carries a nonce, or is an edit, is repeated without a label")
    func repeatsThatAreHarmless() throws {
        let sender = try sender(ScriptedHTTP([]))
        #expect(sender.repeatIsHarmless(at: channel, isFirst: false, since: .seconds(60)))
        #expect(!sender.repeatIsHarmless(at: channel, isFirst: true, since: .seconds(600)))
        #expect(sender.repeatIsHarmless(at: interaction(), isFirst: true, since: .seconds(600)))
        #expect(!sender.repeatIsHarmless(at: interaction(), isFirst: false, since: .seconds(1)))
        #expect(!sender.repeatIsHarmless(at: interaction(age: .seconds(3600)), isFirst: true, since: .seconds(1)))
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

    private static let buttons = [ReplyButton(label: "Retry", action: .retry(TurnID(9)))]
    private static let rows: JSONValue = .array([
        .object([
            "type": .integer(1),
            "components": .array([
                .object([
                    "type": .integer(2), "style": .integer(2), "label": .string("Retry"), "custom_id": .string("1r9"),
                ])
            ]),
        ])
    ])

    @Test("D32: buttons go with messages, edits and answers to interactions")
    func buttons() async throws {
        let http = ScriptedHTTP([Self.created, Self.created, Self.created])
        let sender = try sender(http)
        _ = try await sender.send("a", buttons: Self.buttons, to: channel, nonce: "n", isFirst: true)
        try await sender.edit("3", to: "a", buttons: Self.buttons, at: channel)
        _ = try await sender.send("a", buttons: Self.buttons, to: interaction(), nonce: "n", isFirst: true)
        #expect(try http.requests.allSatisfy { try body($0).members?["components"] == Self.rows })
    }

    private func press(isPrivate: Bool, age: Duration = .zero) -> DiscordAddress {
        DiscordAddress(
            channel: "5", replyTo: "9", interaction: nil,
            press: .init(id: "7", token: "tok", application: "2", acceptedAt: time.now - age, isPrivate: isPrivate))
    }

    private func paths(_ http: ScriptedHTTP) -> [String] {
        http.requests.map { "\($0.method) \($0.url.replacing("https://discord.com/api/v10", with: ""))" }
    }

    @Test("D32: what follows a press goes into the channel, or to the person alone if the message was theirs alone")
    func answersToPresses() async throws {
        let http = ScriptedHTTP([Self.created, Self.created, Self.created])
        let sender = try sender(http)
        _ = try await sender.send("a", to: press(isPrivate: false), nonce: "n", isFirst: true)
        _ = try await sender.send("a", to: press(isPrivate: true), nonce: "n", isFirst: true)
        _ = try await sender.send("a", to: press(isPrivate: true, age: .seconds(1200)), nonce: "n", isFirst: true)
        #expect(paths(http) == ["POST /channels/5/messages", "POST /webhooks/2/tok", "POST /channels/5/messages"])
        #expect(try body(http.requests[1]).members?["flags"] == .integer(68))
        #expect(try body(http.requests[0]).members?["message_reference"] != nil)
        #expect(!sender.repeatIsHarmless(at: press(isPrivate: true), isFirst: true, since: .seconds(1)))
        #expect(sender.repeatIsHarmless(at: press(isPrivate: false), isFirst: true, since: .seconds(1)))
    }

    @Test("D22, D32: buttons are taken off by the press's own token, else in the channel; the text stays")
    func removesButtons() async throws {
        let http = ScriptedHTTP([
            Self.created, .answer(404, #"{"code":10015,"message":"x"}"#, []), Self.created, Self.created,
        ])
        let sender = try sender(http)
        for age in [Duration.zero, .zero, .seconds(1200)] {
            try await sender.removeButtons(from: "3", at: press(isPrivate: false, age: age))
        }
        #expect(
            paths(http) == [
                "PATCH /webhooks/2/tok/messages/@original", "PATCH /webhooks/2/tok/messages/@original",
                "PATCH /channels/5/messages/3", "PATCH /channels/5/messages/3",
            ])
        for request in http.requests {
            #expect(
                try body(request).members == [
                    "components": .array([]),
                    "allowed_mentions": .object(["parse": .array([]), "replied_user": .bool(false)]),
                ])
        }
    }

    @Test("D32: a notice about a press is for the person alone, and one that comes too late is let go")
    func notices() async throws {
        let http = ScriptedHTTP([Self.created, .answer(404, #"{"code":10015,"message":"x"}"#, [])])
        let sender = try sender(http)
        for age in [Duration.zero, .zero, .seconds(1200)] {
            try await sender.tell("no", at: press(isPrivate: false, age: age))
        }
        #expect(paths(http) == ["POST /webhooks/2/tok", "POST /webhooks/2/tok"])
        #expect(try body(http.requests[0]).members?["flags"] == .integer(68))
    }

    private let thread = DiscordAddress(
        channel: "9", replyTo: nil, interaction: nil, thread: .init(parent: "5", name: "Why?"))

    @Test("D28: the thread is opened once, and the answer goes there")
    func opensThread() async throws {
        let http = ScriptedHTTP([.answer(201, #"{"id":"9"}"#, []), .answer(204, "", []), Self.created, Self.created])
        let sender = try sender(http)
        try await sender.showTyping(at: thread)
        _ = try await sender.send("a", to: thread, nonce: "n", isFirst: true)
        try await sender.edit("77", to: "b", at: thread)
        #expect(
            paths(http) == [
                "POST /channels/5/messages/9/threads", "POST /channels/9/typing", "POST /channels/9/messages",
                "PATCH /channels/9/messages/77",
            ])
        #expect(try body(http.requests[0]).members == ["name": .string("Why?")])
        #expect(try body(http.requests[2]).members?["message_reference"] == nil)
    }

    @Test("D28: a thread that is there already is used", arguments: [160_004])
    func threadIsThere(_ code: Int) async throws {
        let http = ScriptedHTTP([.answer(400, #"{"code":\#(code),"message":"x"}"#, []), Self.created])
        _ = try await sender(http).send("a", to: thread, nonce: "n", isFirst: true)
        #expect(paths(http).last == "POST /channels/9/messages")
    }

    @Test(
        "D28: where no thread can be opened the answer is a reply in the channel", arguments: [50_013, 50_024, 10_008])
    func noThread(_ code: Int) async throws {
        let http = ScriptedHTTP([
            .answer(403, #"{"code":\#(code),"message":"x"}"#, []), Self.created, Self.created,
            .answer(404, #"{"code":10008,"message":"x"}"#, []), Self.created,
        ])
        let sender = try sender(http)
        _ = try await sender.send("a", to: thread, nonce: "n", isFirst: true)
        try await sender.edit("77", to: "b", at: thread)
        try await sender.edit("78", to: "b", at: thread)
        #expect(
            Array(paths(http).dropFirst()) == [
                "POST /channels/5/messages", "PATCH /channels/5/messages/77", "PATCH /channels/5/messages/78",
                "PATCH /channels/9/messages/78",
            ])
        let reference = try body(http.requests[1]).members?["message_reference"]
        #expect(reference?.members?["message_id"] == .string("9"))
    }

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

    @Test("A message is taken away, and one that is gone already is fine")
    func removes() async throws {
        let http = ScriptedHTTP([.answer(204, "", []), .answer(404, #"{"code":10008}"#, [])])
        let sender = try sender(http)
        for _ in 0..<2 { try await sender.remove("3", at: channel) }
        #expect(http.requests.map(\.method) == ["DELETE", "DELETE"])
        #expect(http.requests.allSatisfy { $0.url.hasSuffix("/channels/5/messages/3") })
    }

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

    @Test("D23: without the right to read the history the answer comes without a reply")
    func noHistory() async throws {
        let http = ScriptedHTTP([.answer(400, #"{"code":160002,"message":"x"}"#, []), Self.created])
        _ = try await sender(http).send("a", to: channel, nonce: "n", isFirst: true)
        #expect(try body(http.requests.last).members?["message_reference"] == nil)
    }

    static let failures: [(ScriptedHTTP.Step, DeliveryError.Kind)] = [
        (.answer(403, #"{"code":50007,"message":"x"}"#, []), .chatGone),
        (.answer(403, #"{"code":50001,"message":"x"}"#, []), .chatUnavailable),
        (.answer(403, #"{"code":50013,"message":"x"}"#, []), .chatUnavailable),
        (.answer(404, #"{"code":10003,"message":"x"}"#, []), .chatGone),
        (.answer(400, #"{"code":50083,"message":"x"}"#, []), .chatUnavailable),
        (.answer(404, #"{"code":10008,"message":"x"}"#, []), .messageMissing),
        (.answer(429, #"{"code":30046,"message":"x","retry_after":3}"#, []), .messageMissing),
        (.answer(400, #"{"code":30046,"message":"x"}"#, []), .messageMissing),
        (.answer(400, #"{"code":50035,"message":"x"}"#, []), .refused),
        (.answer(502, "<html>", []), .notSent), (.answer(503, "<html>", []), .notSent),
        (.answer(500, "", []), .outcomeUnknown), (.answer(504, "<html>", []), .outcomeUnknown),
        (.answer(520, "<html>", []), .outcomeUnknown), (.answer(527, "<html>", []), .outcomeUnknown),
        (.answer(401, #"{"code":0}"#, []), .linkDown),
        (.answer(429, #"{"retry_after":0.5,"global":false}"#, []), .rateLimited),
        (.answer(200, "nonsense", []), .outcomeUnknown),
        (.failure(.cannotConnect("x")), .notSent), (.failure(.connectionLost("x")), .outcomeUnknown),
        (.failure(.timedOut(.firstByte)), .outcomeUnknown), (.failure(.cancelled), .cancelled),
    ]

    @Test("D18, D20, D25, D28, D29: each failure means one thing for delivery", arguments: failures.indices)
    func failuresAreTranslated(_ index: Int) async throws {
        let (step, kind) = Self.failures[index]
        let sender = try sender(ScriptedHTTP([step]))
        do throws(DeliveryError) {
            _ = try await sender.send("a", to: channel, nonce: "n", isFirst: false)
            Issue.record("it went through")
        } catch {
            #expect(error.kind == kind)
        }
    }

    @Test(
        "D20: a server's error leaves open whether a message was made; what may be done twice is simply done again",
        arguments: [500, 502, 503, 504, 520, 524])
    func serverErrors(_ status: Int) async throws {
        func kind(_ work: (DiscordSender) async throws(DeliveryError) -> Void) async throws -> DeliveryError.Kind? {
            let sender = try sender(ScriptedHTTP([.answer(status, "<html>", [])]))
            do throws(DeliveryError) {
                try await work(sender)
                return nil
            } catch {
                return error.kind
            }
        }
        let mayStand = status == 502 || status == 503 ? DeliveryError.Kind.notSent : .outcomeUnknown
        func send(_ address: DiscordAddress, isFirst: Bool) async throws -> DeliveryError.Kind? {
            try await kind { sender throws(DeliveryError) in
                _ = try await sender.send("a", to: address, nonce: "n", isFirst: isFirst)
            }
        }
        #expect(try await send(channel, isFirst: true) == mayStand)
        #expect(try await send(interaction(), isFirst: false) == mayStand)
        #expect(try await send(press(isPrivate: true), isFirst: true) == mayStand)
        // The first answer to a command is an edit, and the thread is opened before anything is sent.
        #expect(try await send(interaction(), isFirst: true) == .notSent)
        #expect(try await send(thread, isFirst: true) == .notSent)
        let edited = try await kind { sender throws(DeliveryError) in
            try await sender.edit("3", to: "b", at: channel)
        }
        let removed = try await kind { sender throws(DeliveryError) in try await sender.remove("3", at: channel) }
        let typed = try await kind { sender throws(DeliveryError) in try await sender.showTyping(at: channel) }
        #expect([edited, removed, typed] == [.notSent, .notSent, .notSent])
    }

    @Test("D25: an old message that takes no more edits is sent anew at once, and nothing else has to wait")
    func tooManyEdits() async throws {
        let http = ScriptedHTTP([
            .answer(
                429, #"{"code":30046,"message":"Maximum number of edits to messages older than 1 hour reached"}"#,
                [("X-RateLimit-Scope", "user"), ("Retry-After", "300")]),
            Self.created, Self.created,
        ])
        let sender = try sender(http)
        do throws(DeliveryError) {
            try await sender.edit("3", to: "b", at: channel)
            Issue.record("it went through")
        } catch {
            #expect(error.kind == .messageMissing)
        }
        // An edit falls into the same bucket, a new message would be held up by a gate.
        try await sender.edit("4", to: "b", at: channel)
        _ = try await sender.send("b", to: channel, nonce: "n", isFirst: false)
        #expect(http.requests.count == 3)
    }

    @Test("D18: a 429 is never waited for less than Discord says, and holds for the next request")
    func rateLimitIsRemembered() async throws {
        let http = ScriptedHTTP([
            .answer(
                429, #"{"retry_after":12.3451,"global":false}"#, [("X-RateLimit-Scope", "user"), ("Retry-After", "13")]),
            Self.created,
        ])
        let sender = try sender(http)
        let expected = DeliveryError.rateLimited(retryAfter: .milliseconds(12346), everywhere: false)
        await #expect(throws: expected) { try await sender.send("a", to: channel, nonce: "n", isFirst: true) }
        time.advance(by: .seconds(10))
        let rest = DeliveryError.rateLimited(retryAfter: .milliseconds(2346), everywhere: false)
        await #expect(throws: rest) { try await sender.send("a", to: channel, nonce: "n", isFirst: true) }
        #expect(http.requests.count == 1)
        time.advance(by: .milliseconds(2346))
        _ = try await sender.send("a", to: channel, nonce: "n", isFirst: true)
    }

    @Test("D18: a page instead of JSON is a ban of the network: a long pause everywhere")
    func foreignRefusal() async throws {
        let sender = try sender(ScriptedHTTP([.answer(429, "<html>", [("Retry-After", "5")])]))
        let expected = DeliveryError.rateLimited(retryAfter: .seconds(60), everywhere: true)
        await #expect(throws: expected) { try await sender.send("a", to: channel, nonce: "n", isFirst: true) }
    }

    @Test("D19: after a 401 nothing is sent any more")
    func refusedTokenEndsEverything() async throws {
        let http = ScriptedHTTP([.answer(401, #"{"code":0}"#, []), Self.created])
        let sender = try sender(http)
        for _ in 0..<2 {
            await #expect(throws: DeliveryError.self) {
                try await sender.send("a", to: channel, nonce: "n", isFirst: true)
            }
        }
        #expect(http.requests.count == 1)
    }

    @Test("S1: no error text holds a token")
    func errorsHoldNoSecrets() async throws {
        let sender = try sender(ScriptedHTTP([.answer(500, "MTAw.a.b tok", [])]))
        do throws(DeliveryError) {
            _ = try await sender.send("a", to: interaction(), nonce: "n", isFirst: true)
        } catch {
            #expect(!"\(error)".contains("tok") && !"\(error)".contains("MTAw"))
        }
    }
}

extension DeliveryError {
    enum Kind: Sendable, Equatable {
        case rateLimited, notSent, outcomeUnknown, markupRefused, messageMissing, previewUnsupported, chatUnavailable
        case chatGone, chatMoved, refused, linkDown, cancelled
    }

    var kind: Kind {
        switch self {
        case .rateLimited: .rateLimited
        case .notSent: .notSent
        case .outcomeUnknown: .outcomeUnknown
        case .markupRefused: .markupRefused
        case .messageMissing: .messageMissing
        case .previewUnsupported: .previewUnsupported
        case .chatUnavailable: .chatUnavailable
        case .chatGone: .chatGone
        case .chatMoved: .chatMoved
        case .refused: .refused
        case .linkDown: .linkDown
        case .cancelled: .cancelled
        }
    }
}
