import BotCore
import BotTestSupport
import Foundation
import Testing

@testable import BotDiscord

@Suite(.timeLimit(.minutes(5)))
struct AdministratorTests {
    private static func guild(_ roles: [(String, String)]) throws -> DiscordGuild {
        let list = roles.map { #"{"id":"\#($0.0)","permissions":"\#($0.1)"}"# }.joined(separator: ",")
        return try JSONDecoder().decode(
            DiscordGuild.self, from: Data(#"{"id":"3","owner_id":"1","roles":[\#(list)]}"#.utf8))
    }

    @Test(
        "who administers a server: its owner, and who has a role with one of two permissions",
        arguments: [
            ("1", [], true), ("2", [], false), ("2", ["10"], true), ("2", ["11"], true), ("2", ["12"], false),
            ("2", ["13"], false), ("2", ["12", "10"], true), ("2", ["99"], false),
        ] as [(String, [String], Bool)])
    func roles(person: String, roles: [String], administers: Bool) throws {
        // ADMINISTRATOR, MANAGE_GUILD with others, MANAGE_CHANNELS, and what cannot be read.
        let guild = try Self.guild([("3", "1024"), ("10", "8"), ("11", "1056"), ("12", "16"), ("13", "many")])
        #expect(guild.isAdministered(by: person, with: roles) == administers)
    }

    @Test func whatEverybodyMayTheyAllAdministerBy() throws {
        #expect(try Self.guild([("3", "8")]).isAdministered(by: "2", with: []))
    }

    @Test("the server is asked of Discord, and silence is an error")
    func asks() async throws {
        try await withPlatform { f async throws in
            let scope = ChatScope.shared(space: "discord:guild:\(f.fake.guild)", title: "Rig")
            let manager = Speaker(id: "2", name: "", roles: [FakeDiscord.managers])
            let reader = Speaker(id: "2", name: "", roles: [FakeDiscord.readers])
            #expect(try await f.platform.administers(manager, scope))
            #expect(try await f.platform.administers(reader, scope) == false)
            #expect(try await f.platform.administers(manager, .direct) == false)
            f.fake.fail("GET /guilds", .status(503))
            await #expect(throws: DeliveryError.self) { try await f.platform.administers(manager, scope) }
            #expect(f.fake.violations == [])
        }
    }

    @Test("a command points at whom it mentions and replies to, but not at the bot")
    func references() throws {
        func references(_ members: String, content: String = "/allow") throws -> [PersonReference]? {
            let author = #""author":{"id":"1","username":"olga"}"#
            let json = #"{"id":"9","channel_id":"5","type":0,\#(author),"content":"<@100> \#(content)",\#(members)}"#
            let message = try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
            let decoder = EventDecoder(commands: ["allow"], hearsEverything: false)
            return decoder.event(from: message, me: "100", title: "Rig", at: Timestamp(rawValue: 1))?.references
        }
        let me = #"{"id":"100","username":"mybot","bot":true}"#
        let bob = #"{"id":"8","username":"bob","global_name":"Bob"}"#
        let bot = #"{"id":"9","username":"other","bot":true}"#
        let expected = [PersonReference(entry: "discord:8", name: "Bob")]
        #expect(try references(#""mentions":[\#(me)]"#) == nil)
        #expect(try references(#""mentions":[\#(me),\#(bob)]"#, content: "/allow <@8>") == expected)
        #expect(try references(#""mentions":[\#(me),\#(bob)],"referenced_message":{"author":\#(bob)}"#) == expected)
        #expect(try references(#""mentions":[\#(me)],"referenced_message":{"author":\#(me)}"#) == nil)
        #expect(
            try references(#""mentions":[\#(me)],"referenced_message":{"author":\#(bot)}"#)
                == [PersonReference(entry: nil, name: "other")])
        #expect(try references(#""mentions":[\#(me),\#(bob)]"#, content: "hello <@8>") == nil)
    }
}
