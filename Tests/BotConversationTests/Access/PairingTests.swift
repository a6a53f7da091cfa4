import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

@Suite(.timeLimit(.minutes(5)))
struct PairingTests {
    /// Counts up, so that codes of a test are known and differ.
    private struct Counting: RandomNumberGenerator {
        var value: UInt64 = 0
        mutating func next() -> UInt64 {
            value += 1
            return value
        }
    }

    @Test func codesFitTelegramsStartParameter() {
        var generator = SystemRandomNumberGenerator()
        let codes = (0..<100).map { _ in PairingCode.make(using: &generator) }
        #expect(Set(codes).count == 100)
        for code in codes {
            #expect(code.count == 26)
            #expect(code.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) })
        }
        var counting = Counting()
        #expect(PairingCode.make(using: &counting) == "bcdefghijklmnopqrstuvwxyz2")
    }

    @Test func aRightCodeMakesAnOwnerOnce() async throws {
        let fixture = EngineFixture(allow: [])
        try await fixture.run { f in
            #expect(!f.access.hasOwnerOrAnyone)
            let code = try await f.access.makePairingCode()
            try await f.engine.accept([.command("start", code.uppercased(), chat: "42")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].hasPrefix("You are my owner now."))
            #expect(f.access.hasOwnerOrAnyone)
            #expect(f.access.standing(of: Speaker(id: "42", name: ""), on: .telegram, in: .direct) == .owner)
            try await f.engine.accept([.command("start", code, chat: "43")], cursor: nil)
            await f.delivery.waitForTexts(2)
            #expect(f.delivery.texts[1].contains("private bot"))
            #expect(f.access.standing(of: Speaker(id: "43", name: ""), on: .telegram, in: .direct) == .stranger)
        }
    }

    @Test func fiveTriesAPersonThenNone() async throws {
        let fixture = EngineFixture(allow: [])
        try await fixture.run { f in
            let code = try await f.access.makePairingCode()
            for number in 1...6 {
                try await f.engine.accept([.command("start", "wrong\(number)", chat: "42")], cursor: nil)
                await f.delivery.waitForTexts(number)
            }
            let texts = f.delivery.texts
            #expect(texts[0].contains("4 more tries"))
            #expect(texts[3].contains("1 more try"))
            #expect(texts[4].contains("no tries left"))
            #expect(texts[5].contains("no tries left"))
            try await f.engine.accept([.command("start", code, chat: "42")], cursor: nil)
            await f.delivery.waitForTexts(7)
            #expect(f.delivery.texts[6].contains("no tries left"))
            try await f.engine.accept([.command("start", code, chat: "43")], cursor: nil)
            await f.delivery.waitForTexts(8)
            #expect(f.delivery.texts[7].hasPrefix("You are my owner now."))
        }
    }

    @Test func aCodeEndsAfterAnHour() async throws {
        let fixture = EngineFixture(allow: [])
        try await fixture.run { f in
            let code = try await f.access.makePairingCode()
            f.time.advance(by: .seconds(3601))
            try await f.engine.accept([.command("start", code)], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts[0].contains("private bot"))
            #expect(!f.access.hasOwnerOrAnyone)
        }
    }

    @Test func aSharedChatTakesNoCode() async throws {
        let fixture = EngineFixture(allow: [])
        try await fixture.run { f in
            let code = try await f.access.makePairingCode()
            let scope = ChatScope.shared(space: "telegram:chat:-1", title: "Crew")
            try await f.engine.accept([.command("start", code, chat: "-1", scope: scope)], cursor: nil)
            try await f.engine.accept([.command("start", code, chat: "42")], cursor: nil)
            await f.delivery.waitForTexts(1)
            #expect(f.delivery.texts(in: "-1") == [])
            #expect(f.delivery.texts(in: "42").count == 1)
        }
    }
}
