package import BotCore
package import BotHTTP
package import BotWebSocket
package import Logging

extension DiscordPlatform {
    /// Creates the platform over the real network; nothing is connected before `run`.
    ///
    /// - Parameters:
    ///   - cursors: where the gateway's session and the identifies spent are kept over restarts.
    ///   - recentChannels: where messages may have been missed when a session was lost.
    ///   - waitingMessages: which messages were taken by an earlier run and are not answered: asked once, at the start of `run`.
    ///   - links: is told the state of the link `discord`.
    ///   - commands: the slash commands to register.
    ///   - mayAsk: whether somebody is let in: others are told so alone.
    package convenience init(
        configuration: DiscordConfiguration, http: HTTPClient, webSockets: WebSocketClient, cursors: any CursorStore,
        recentChannels: @escaping RecentChannels, waitingMessages: @escaping WaitingMessages, links: LinkMonitor,
        commands: [CommandDescription], mayAsk: @escaping @Sendable (Speaker, ChatScope) -> Bool,
        time: any TimeSource, logger: Logger
    ) {
        self.init(
            configuration: configuration, http: http, connector: WebSocketGateway(client: webSockets), cursors: cursors,
            recentChannels: recentChannels, waitingMessages: waitingMessages, links: links, commands: commands,
            mayAsk: mayAsk, time: time, logger: logger, random: { .random(in: 0..<1) })
    }
}
