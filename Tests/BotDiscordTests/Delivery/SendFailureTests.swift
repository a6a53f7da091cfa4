import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotDiscord

/// What a request that fails means for delivery and for the requests after it.
@Suite(.timeLimit(.minutes(5)))
struct SendFailureTests: SenderSuite {
    let time = ManualTime()

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
