import BotCore
import BotTestSupport
import Logging
import Testing

@testable import BotDiscord

struct PermissionWatchTests {
    private let links = LinkMonitor(time: ManualTime())

    private var problem: String? { links.all["discord"]?.problem }

    private func configuration(groupsAreAll: Bool, hasIntent: Bool) throws -> DiscordConfiguration {
        DiscordConfiguration(
            botToken: try requireSecret("MTAw.a.b"), messageContentIntent: hasIntent, hearsEverything: groupsAreAll)
    }

    private func watch(_ configuration: DiscordConfiguration) -> PermissionWatch {
        links.set("discord", to: .connected)
        return PermissionWatch(
            links: links, concern: configuration.concern,
            logger: Logger(label: "discord", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test(
        "D11: the intent is missed only where servers shall be heard whole",
        arguments: [(true, false, true), (true, true, false), (false, false, false), (false, true, false)])
    func missesTheIntent(groupsAreAll: Bool, hasIntent: Bool, isMissed: Bool) throws {
        let watch = watch(try configuration(groupsAreAll: groupsAreAll, hasIntent: hasIntent))
        #expect((problem?.contains("discord.messageContentIntent") == true) == isMissed)
        withExtendedLifetime(watch) {}
    }

    @Test("a permission that is missing stands before the intent, and the intent again once it is mended")
    func goesBackToTheIntent() throws {
        let watch = watch(try configuration(groupsAreAll: true, hasIntent: false))
        watch.note(.sendMessages, in: "5", "Missing Permissions")
        #expect(problem?.contains("Send Messages") == true)
        watch.works([.sendMessages], in: "5")
        #expect(problem?.contains("discord.messageContentIntent") == true)
    }
}
