import BotCore
import BotStore
import BotTestSupport
import Testing

/// The bot as people meet it, on every kind of chat.
@Suite(.timeLimit(.minutes(5)))
struct ConversationTests {
    @Test("answers, and the model is shown what was said before", arguments: TestChat.Kind.allCases)
    func remembers(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                try await chat.converse("my colour is teal", answer: "Noted.")
                try await chat.converse("what is my colour?", answer: "It is teal.")
                let call = try #require(world.model.calls.last)
                let said = call.messages.filter { $0.role != .system }
                #expect(said.map(\.role) == [.user, .assistant, .user])
                #expect(said.first?.content.contains("my colour is teal") == true)
                #expect(said.dropFirst().first?.content == "Noted.")
                #expect(call.question?.contains("what is my colour?") == true)
                #expect(call.authorization == "Bearer sk-rig")
                #expect(chat.texts == ["Noted.", "It is teal."])
            }
        }
    }

    @Test("two chats at once share no memory, and one that hangs delays no other")
    func keepsChatsApart() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let (here, there) = (TestChat(kind: .telegram, world: world), TestChat(kind: .discord, world: world))
                let gate = Gate(isOpen: false)
                world.model.script(.held("slow but there", by: gate))
                here.say("the word is heron")
                await world.model.waitForCalls(1)
                try await there.converse("what is the word?", answer: "I do not know it.")
                #expect(world.model.calls[1].messages.allSatisfy { !$0.content.contains("heron") })
                gate.set(open: true)
                try await here.reply(holding: "slow but there")
            }
        }
    }

    @Test("shows a reply while it grows, and delivers the whole", arguments: TestChat.Kind.allCases)
    func streams(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                let whole = (1...40).map { "word\($0)" }.joined(separator: " ")
                let gate = Gate(isOpen: false)
                world.model.script(.held(whole, by: gate))
                chat.say("tell me much")
                // What is shown before the rest has left the model.
                switch kind {
                case .telegram: try await world.telegram.until { _ in !chat.drafts.isEmpty }
                default: try await chat.until { !$0.isEmpty }
                }
                #expect(!chat.texts.contains(whole))
                gate.set(open: true)
                try await chat.until { $0.last == whole }
                #expect(chat.texts == [whole])
                if kind == .telegram {
                    #expect(chat.edits == 0)
                    #expect(chat.drafts.allSatisfy { whole.hasPrefix($0.prefix(20)) })
                } else {
                    #expect(chat.edits >= 1)
                    #expect(chat.drafts.isEmpty)
                }
            }
        }
    }

    @Test("cuts a long reply into legal messages, whole and in order", arguments: TestChat.Kind.direct)
    func splitsLongReplies(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                let lines = (1001...1400).map { "line \($0) of them" }
                world.model.script(ModelAnswer(lines.joined(separator: "\n"), pieceLength: 500))
                chat.say("tell me very much")
                try await chat.reply(holding: "line 1400 of them")
                let limit = kind.isTelegram ? 4096 : 2000
                #expect(chat.texts.allSatisfy { $0.unicodeScalars.count <= limit })
                let said = chat.texts.flatMap { $0.split(separator: "\n") }.map(String.init)
                #expect(said == lines)
            }
        }
    }

    @Test("answers in shared chats only when it is meant", arguments: TestChat.Kind.shared)
    func keepsSilent(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let chat = TestChat(kind: kind, world: world)
                chat.saySomethingElse("good morning all")
                try await chat.converse("are you there?", answer: "I am.")
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 1)
                #expect(world.model.calls[0].messages.allSatisfy { !$0.content.contains("good morning") })
                #expect(chat.texts == ["I am."])
            }
        }
    }

    @Test("tells the model who said what in shared chats", arguments: TestChat.Kind.shared)
    func namesSpeakers(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                world.model.script(ModelAnswer("Hello."), ModelAnswer("Hello to you."))
                chat.say("I am hungry", by: 42)
                try await chat.reply(holding: "Hello.")
                chat.say("I am not", by: 43)
                try await chat.reply(holding: "Hello to you.")
                let said = world.model.calls[1].messages.filter { $0.role == .user }.map(\.content)
                #expect(said.count == 2)
                #expect(said.first?.hasPrefix("User42: ") == true)
                #expect(said.last?.hasPrefix("User43: ") == true)
            }
        }
    }

    @Test("what somebody sends quickly one after the other is answered in order", arguments: TestChat.Kind.direct)
    func answersInOrder(_ kind: TestChat.Kind) async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let chat = TestChat(kind: kind, world: world)
                for number in 1...4 { chat.say("message \(number)") }
                try await chat.reply(holding: "message 4")
                #expect(chat.texts == (1...4).map { "You said: message \($0)" })
            }
        }
    }
}
