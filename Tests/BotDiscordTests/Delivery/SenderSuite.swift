import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotDiscord

/// A suite about what the sender asks of Discord, which answers from a script.
protocol SenderSuite {
    var time: ManualTime { get }
    /// What the sender tells of permissions.
    var links: LinkMonitor { get }
}

extension SenderSuite {
    var links: LinkMonitor { LinkMonitor(time: time) }

    // MARK: - Addresses

    var channel: DiscordAddress { DiscordAddress(channel: "5", replyTo: "9", interaction: nil) }

    var thread: DiscordAddress {
        DiscordAddress(channel: "9", replyTo: nil, interaction: nil, thread: .init(parent: "5", name: "Why?"))
    }

    func interaction(age: Duration = .zero, isPrivate: Bool = true) -> DiscordAddress {
        DiscordAddress(
            channel: "5", replyTo: nil,
            interaction: .init(
                id: "7", token: "tok", application: "2", acceptedAt: time.now - age, isPrivate: isPrivate))
    }

    func press(isPrivate: Bool, age: Duration = .zero) -> DiscordAddress {
        DiscordAddress(
            channel: "5", replyTo: "9", interaction: nil,
            press: .init(id: "7", token: "tok", application: "2", acceptedAt: time.now - age, isPrivate: isPrivate))
    }

    // MARK: - Requests

    static var created: ScriptedHTTP.Step { .answer(200, #"{"id":"77"}"#, []) }

    func sender(_ http: ScriptedHTTP) throws -> DiscordSender {
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

    func body(_ request: HTTPRequest?) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try #require(request?.body)))
    }

    func paths(_ http: ScriptedHTTP) -> [String] {
        http.requests.map { "\($0.method) \($0.url.replacing("https://discord.com/api/v10", with: ""))" }
    }
}
