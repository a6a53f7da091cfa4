import BotCore
import BotStore
import BotTestSupport
import Foundation
import Testing

@testable import BotApp

/// Promise 8: secrets never reach a log, a page, an error, a chat or a trace.
@Suite(.timeLimit(.minutes(5)))
struct CanaryTests {
    private static let telegramToken = "110201543:AACanaryTelegramCanaryTelegramCana1"
    private static let discordToken = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Canary.CanaryDiscordCanaryDiscordCanaryDisc"
    private static let options = [
        "openai.apiKey": "sk-CanaryModelKey0123456789", "anthropic.apiKey": "sk-ant-CanaryOtherKey0123456789",
        "http.token": "CanaryTokenOfTheAPI0123", "network.proxy": "http://user:CanaryProxyPassword@127.0.0.1:9",
        "log.level": "trace",
    ]
    /// What must be nowhere. Parts count as well: half a token in a log is still too much.
    private static let canaries = [
        "AACanaryTelegramCanary", "CanaryDiscordCanary", "CanaryModelKey", "CanaryOtherKey", "CanaryTokenOfTheAPI",
        "CanaryProxyPassword",
    ]

    @Test("at level trace, through failures on both platforms, no secret gets anywhere", arguments: ["text", "json"])
    func leavesNoTrace(_ format: String) async throws {
        let telegram = try FakeTelegram(token: Self.telegramToken)
        let discord = try FakeDiscord(token: Self.discordToken)
        try await AppWorld.with(telegram: telegram, discord: discord) { world in
            var shown: [String] = []
            try await world.running(Self.options.merging(["log.format": format]) { $1 }) { app in
                world.telegram.fail("getUpdates", .error(500, "token \(Self.telegramToken) broke the server"))
                world.telegram.fail("sendMessage", .error(500, "Internal: /bot\(Self.telegramToken)/sendMessage"))
                world.discord.fail("POST /channels", .page(502))
                let refusal =
                    #"{"error":{"message":"Incorrect API key provided: \#(Self.options["openai.apiKey"] ?? "")"}}"#
                for kind in TestChat.Kind.allCases {
                    let chat = TestChat(kind: kind, world: world)
                    world.model.script(.error(401, refusal))
                    chat.say("first")
                    try await chat.reply(holding: "does not accept my key")
                    try await chat.converse("second", answer: "An answer.")
                    chat.command("status")
                    chat.command("reset")
                    try await chat.reply(holding: "forgotten")
                }
                // The address of a file holds the token as well.
                world.model.setFacts(["capabilities": .object(["vision": .bool(true)])])
                for fault in [
                    FakeTelegramFault.error(500, "at /file/bot\(Self.telegramToken)/x"), .error(401, "Unauthorized"),
                ] {
                    world.telegram.fail("download", fault)
                    world.telegram.user(AppWorld.people[0]).sendFile(
                        Array("words".utf8), named: "a.txt", type: "text/plain")
                }
                try await world.telegram.reply(in: AppWorld.people[0], holding: "could not be loaded")
                try await world.telegram.reply(in: AppWorld.people[0], holding: "You said: [file a.txt")
                world.telegram.fail("getUpdates", .reset)
                world.discord.dropAll()
                let chat = TestChat(kind: .discord, world: world)
                try await chat.converse("and after that?", answer: "All is well.")
                let token = Self.options["http.token"]
                for path in ["/", "/api/health", "/api/sessions", "/api/sessions?stats=true", "/api/sessions?id=x"] {
                    shown.append(try await app.ask(path, token: token).text)
                    shown.append(try await app.ask(path, token: "wrong").text)
                }
                shown += TestChat.Kind.allCases.flatMap { TestChat(kind: $0, world: world).texts }
                shown += TestChat(kind: .telegram, world: world).drafts
                // While it runs there is a write-ahead log beside the database.
                try Self.inspect(world, shown)
            }
            try Self.inspect(world, shown)
            // Tokens of interactions let anybody speak as the bot for a quarter of an hour.
            #expect(!world.log.contains("secret-"))
        }
    }

    private static func inspect(_ world: AppWorld, _ shown: [String]) throws {
        var pieces = shown.map { (name: "shown", bytes: Data($0.utf8)) }
        for folder in ["data", "logs"] {
            let path = world.directory.file(folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: path) where !file.hasSuffix(".sock") {
                pieces.append((file, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)"))))
            }
        }
        #expect(pieces.contains { $0.name == "mybot.db" } && pieces.contains { $0.name == "mybot.log" })
        for piece in pieces {
            for canary in canaries {
                #expect(piece.bytes.range(of: Data(canary.utf8)) == nil, "\(canary) in \(piece.name)")
            }
        }
        // The search itself finds what is there.
        #expect(pieces.contains { $0.bytes.range(of: Data("started".utf8)) != nil })
    }
}
