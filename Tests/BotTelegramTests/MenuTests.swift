import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct MenuTests {
    static func command(
        _ name: String, _ summary: String = "Do something", _ place: CommandDescription.Place = .everywhere
    ) -> CommandDescription {
        CommandDescription(name: name, summary: summary, place: place)
    }

    @Test("T22: groups show what makes sense there, private chats the rest, and everything else all")
    func sortsByPlace() {
        let menus = CommandMenus([
            Self.command("help"), Self.command("start", "Say hello", .direct), Self.command("allow", "Owner", .shared),
        ])
        #expect(menus[.everywhere].map(\.command) == ["help", "start", "allow"])
        #expect(menus[.direct].map(\.command) == ["help", "start"])
        #expect(menus[.groups].map(\.command) == ["help", "allow"])
        #expect(menus.scopes == [.everywhere, .direct, .groups])
    }

    @Test(
        "T22: a command that Telegram would refuse takes no other with it",
        arguments: [
            ("Reset", "x"), ("re-set", "x"), ("", "x"), (String(repeating: "a", count: 33), "x"), ("reset", ""),
            ("reset", String(repeating: "x", count: 257)),
        ])
    func leavesOutWhatIsRefused(name: String, summary: String) {
        let menus = CommandMenus([Self.command("help"), Self.command(name, summary)])
        #expect(menus[.everywhere].map(\.command) == ["help"])
    }

    @Test("T22: the longest names, the longest descriptions and a hundred commands are taken")
    func fitsTheLimits() {
        let longest = Self.command(String(repeating: "a", count: 32), String(repeating: "😀", count: 256))
        let menus = CommandMenus([longest] + (0..<100).map { Self.command("c\($0)") })
        #expect(menus[.everywhere].count == CommandMenus.limit)
        #expect(menus[.everywhere].first?.command == longest.name)
    }

    @Test("T22: each scope is asked for its menu, and only what differs is set")
    func setsWhatDiffers() async throws {
        let reset: JSONValue = .object(["command": "reset", "description": "Forget this conversation"])
        try await TelegramRig.run { fake in
            fake.setMenu([reset], scope: "all_private_chats")
            fake.setMenu([.object(["command": "old", "description": "Of another program"])], scope: "default")
        } _: { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            let set = rig.fake.requests("setMyCommands").compactMap { $0.arguments["scope"]?.members?["type"] }
            #expect(set == ["default", "all_group_chats"])
            for scope in ["default", "all_private_chats", "all_group_chats"] {
                #expect(rig.fake.menu(scope) == [reset])
            }
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T22: lists for languages and for scopes that are not ours stay as they are")
    func leavesOthersAlone() async throws {
        let theirs: [JSONValue] = [.object(["command": "hilfe", "description": "Was ich kann"])]
        try await TelegramRig.run { fake in
            fake.setMenu(theirs, scope: "all_private_chats", language: "de")
            fake.setMenu(theirs, scope: "all_chat_administrators")
        } _: { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            #expect(rig.fake.menu("all_private_chats", language: "de") == theirs)
            #expect(rig.fake.menu("all_chat_administrators") == theirs)
        }
    }
}
