import BotCore
import BotTestSupport
import Testing

@testable import BotConversation

/// Slash commands and threads on Discord, through the whole program.
@Suite(.timeLimit(.minutes(5)))
struct DiscordCommandTests {
    private static let ada = AppWorld.snowflake(AppWorld.people[0])

    @Test("D30: all commands are registered as Discord takes them, once")
    func registersAll() async throws {
        try await AppWorld.with { world in
            let names = ["ask"] + ConversationEngine.commands.map(\.name)
            for _ in 0..<2 {
                try await world.running { _ in
                    try await world.discord.until { $0.commandNames == names }
                }
            }
            #expect(world.discord.requests("PUT /applications").map(\.status) == [200])
        }
    }

    @Test(
        "D25, D31: /ask in a server is acknowledged at once, grows in place and belongs to the channel's conversation")
    func asks() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let (user, channel) = (world.discord.user(Self.ada), world.discord.general)
                let gate = Gate(isOpen: false)
                let whole = (1...60).map { "word\($0)" }.joined(separator: " ")
                world.model.script(.held(whole, by: gate), ModelAnswer("Heron."))
                let id = user.slash("ask", "tell me much, the word is heron", in: channel)
                try await world.discord.until { fake in
                    fake.sent(in: channel).contains {
                        $0.interaction == id && !$0.isLoading && whole.hasPrefix($0.content)
                    }
                }
                gate.set(open: true)
                try await world.discord.reply(in: channel, holding: "word60")
                let interaction = try #require(world.discord.interaction(id))
                #expect(try #require(interaction.acknowledgedAfter) < .seconds(3))
                let answer = try #require(world.discord.sent(in: channel).first)
                #expect(answer.content == whole && !answer.isPrivate && answer.id == interaction.original)
                user.say("which word?", in: channel, mentioning: true)
                try await world.discord.reply(in: channel, holding: "Heron.")
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("the word is heron") } == true)
                try await app.untilAllIsHandled()
                #expect(world.discord.sent(in: channel).count == 2)
            }
        }
    }

    @Test("D31: nobody is left waiting: strangers, and commands that are answered by what they do")
    func leavesNobodyWaiting() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let channel = world.discord.general
                let stranger = world.discord.user(AppWorld.snowflake(AppWorld.strangerID))
                stranger.slash("status", in: channel)
                stranger.slash("ask", "hello?", in: channel)
                try await world.discord.until { fake in
                    let refusals = fake.sent(in: channel).filter {
                        $0.content.contains("Only people whom my owner has let in")
                    }
                    return refusals.count == 2 && refusals.allSatisfy(\.isPrivate)
                }
                let gate = Gate(isOpen: false)
                defer { gate.set(open: true) }
                world.model.script(.held(String(repeating: "many words ", count: 40), by: gate))
                let user = world.discord.user(Self.ada)
                user.say("tell me much", in: channel, mentioning: true)
                try await world.discord.reply(in: channel, holding: "many words")
                let stop = user.slash("stop", in: channel)
                try await world.discord.until { fake in
                    fake.sent(in: channel).contains { $0.interaction == stop && !$0.isLoading && $0.isPrivate }
                }
                try await app.untilAllIsHandled()
                #expect(world.discord.sent(in: channel).allSatisfy { !$0.isLoading })
            }
        }
    }

    @Test("D31: a reset leaves no command waiting, neither the one that is being answered nor those behind it")
    func resetsWhatWaits() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let channel = world.discord.general
                let gate = Gate(isOpen: false)
                defer { gate.set(open: true) }
                world.model.script(.held("never said", by: gate))
                // The one who may reset here.
                let user = world.discord.user(Self.ada)
                let asked = ["first", "second", "third"].map { user.slash("ask", $0, in: channel) }
                try await app.until { world.model.calls.count == 1 }
                try await world.discord.until { fake in
                    asked.allSatisfy { fake.interaction($0)?.acknowledgedAfter != nil }
                }
                user.slash("reset", in: channel)
                try await world.discord.until { fake in
                    fake.sent(in: channel).contains { $0.content.contains("dropped 2 messages") }
                }
                try await world.discord.until { fake in
                    fake.sent(in: channel).allSatisfy { !$0.isLoading }
                }
                try await app.untilAllIsHandled()
                #expect(!world.discord.sent(in: channel).contains { $0.content.contains("never said") })
            }
        }
    }

    @Test("/export gives a conversation as a file, by a command and by words")
    func exports() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let user = world.discord.user(Self.ada)
                world.model.script(ModelAnswer("Noted."))
                user.say("the word is heron")
                try await world.discord.reply(in: user.channel, holding: "Noted.")
                user.slash("export", "json")
                try await world.discord.reply(in: user.channel, holding: "Here is this conversation: 2 messages.")
                let message = try #require(world.discord.sent(in: user.channel).last)
                let file = try #require(world.discord.file(of: message.id))
                #expect(file.name.hasSuffix(".json") && file.content.contains("the word is heron"))
                // One file at a time is enough.
                user.say("/export")
                try await world.discord.reply(in: user.channel, holding: "ask again in a minute")
            }
        }
    }

    @Test("The page's health says where the bot is invited, and what permission is missing in a channel")
    func setUp() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                try await app.until {
                    try await !app.ask("/api/health").json["links"]["discord"]["invite"].text.isEmpty
                }
                let discord = try await app.ask("/api/health").json["links"]["discord"]
                #expect(
                    discord["invite"].text.contains("client_id=\(world.discord.botID)&scope=bot+applications.commands"))
                #expect(discord["problem"].text.isEmpty)
                world.discord.fail("POST /channels/\(world.discord.general)/messages", .status(403, code: 50013))
                world.discord.user(Self.ada).say("hello", in: world.discord.general, mentioning: true)
                try await app.until {
                    try await app.ask("/api/health").json["links"]["discord"]["problem"].text.contains("Send Messages")
                }
                #expect(world.logLines("Send Messages").count == 1)
            }
        }
    }

    @Test("A long paste that Discord's client has made a file of is the person's message")
    func paste() async throws {
        try await AppWorld.with { world in
            try await world.running { _ in
                let user = world.discord.user(Self.ada)
                let url = try await world.discord.keep(Array("the word is heron".utf8), as: "message.txt")
                world.model.script(ModelAnswer("Noted."))
                user.say(
                    "",
                    extra: [
                        "attachments": .array([
                            .object([
                                "id": .string("1"), "filename": .string("message.txt"),
                                "content_type": .string("text/plain; charset=utf-8"),
                                "size": .integer(17), "url": .string(url),
                            ])
                        ])
                    ])
                try await world.discord.reply(in: user.channel, holding: "Noted.")
                let asked = try #require(world.model.calls.last?.messages.last?.content)
                #expect(asked.hasPrefix("the word is heron\n") && !asked.contains("file"))
                user.slash("search", "heron")
                try await world.discord.reply(in: user.channel, holding: "the word is")
            }
        }
    }

    @Test("D28: where it is wished, a question opens a thread, which is a conversation of its own")
    func opensThreads() async throws {
        try await AppWorld.with { world in
            try await world.running(["discord.answerInThread": "true"]) { app in
                let (user, channel) = (world.discord.user(Self.ada), world.discord.general)
                world.model.script(ModelAnswer("Noted."), ModelAnswer("Heron."), ModelAnswer("No idea."))
                let question = user.say("the word is heron", in: channel, mentioning: true)
                try await world.discord.reply(in: question, holding: "Noted.")
                #expect(world.discord.threads(in: channel).map(\.name) == ["the word is heron"])
                user.say("which word?", in: question, mentioning: true)
                try await world.discord.reply(in: question, holding: "Heron.")
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("the word is heron") } == true)
                let other = user.say("which word was it?", in: channel, mentioning: true)
                try await world.discord.reply(in: other, holding: "No idea.")
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("heron") } == false)
                try await app.untilAllIsHandled()
                #expect(world.discord.sent(in: channel).isEmpty)
                #expect(world.discord.threads(in: channel).count == 2)
            }
        }
    }

    @Test("D27, D28: a forum's posts and the bot's own threads are answered without a mention, where that is set up")
    func followsThreads() async throws {
        try await AppWorld.with { world in
            let forum = world.discord.makeChannel(type: 15)
            let options = [
                "discord.answerInThread": "true", "discord.messageContentIntent": "true", "discord.channels": forum,
            ]
            try await world.running(options) { app in
                let user = world.discord.user(Self.ada)
                // Made before its events were seen, for all that the bot knows: it is asked for, once.
                let post = world.discord.makeChannel(type: 11, in: forum)
                world.model.script(ModelAnswer("Use a lock."), ModelAnswer("Or an actor."))
                for (text, answer) in [("races in Swift", "Use a lock."), ("any other way?", "Or an actor.")] {
                    user.say(text, in: post)
                    try await world.discord.reply(in: post, holding: answer)
                }
                #expect(world.discord.requests("GET /channels/\(post)").count == 1)
                world.model.script(ModelAnswer("By a channel."), ModelAnswer("By an actor."))
                let question = user.say("how is it done in Go?", in: world.discord.general, mentioning: true)
                try await world.discord.reply(in: question, holding: "By a channel.")
                // Between people elsewhere.
                user.say("lunch?", in: world.discord.general)
                user.say("lunch?", in: world.discord.makeChannel(type: 11, in: world.discord.general))
                user.say("and in Swift?", in: question)
                try await world.discord.reply(in: question, holding: "By an actor.")
                #expect(world.discord.requests("GET /channels/\(question)").isEmpty)
                try await app.untilAllIsHandled()
                #expect(world.model.calls.count == 4)
                #expect(world.discord.violations == [])
            }
        }
    }

    @Test("D27: who mentions the bot's role in place of the bot is answered", arguments: [true, false])
    func roleMentions(seesContent: Bool) async throws {
        try await AppWorld.with { world in
            world.discord.giveOwnRole()
            try await world.running(["discord.messageContentIntent": "\(seesContent)"]) { app in
                let (user, channel) = (world.discord.user(Self.ada), world.discord.general)
                world.model.script(ModelAnswer("Hello, Ada."))
                user.say("<@&\(FakeDiscord.readers)> lunch?", in: channel)
                user.say("<@&\(FakeDiscord.botRole)> hello", in: channel)
                try await world.discord.reply(
                    in: channel, holding: seesContent ? "Hello, Ada." : "Please mention me, not my role")
                try await app.untilAllIsHandled()
                #expect(world.discord.sent(in: channel).count == 1)
                #expect(world.model.calls.count == (seesContent ? 1 : 0))
            }
        }
    }

    @Test("D28: a post of a forum is a conversation of its own, and so is each thread")
    func forumPosts() async throws {
        try await AppWorld.with { world in
            try await world.running(["discord.answerInThread": "true"]) { app in
                let user = world.discord.user(Self.ada)
                let forum = world.discord.makeChannel(type: 15)
                let posts = [
                    world.discord.makeChannel(type: 11, in: forum), world.discord.makeChannel(type: 11, in: forum),
                ]
                for (post, answer) in zip(posts, ["First.", "Second."]) {
                    world.model.script(ModelAnswer(answer))
                    user.say("the word is \(answer)", in: post, mentioning: true)
                    try await world.discord.reply(in: post, holding: answer)
                }
                #expect(world.model.calls.last?.messages.contains { $0.content.contains("First.") } == false)
                #expect(posts.allSatisfy { world.discord.threads(in: $0).isEmpty })
                try await app.untilAllIsHandled()
                #expect(try await app.ask("/api/sessions").data.items.count == 2)
            }
        }
    }
}
