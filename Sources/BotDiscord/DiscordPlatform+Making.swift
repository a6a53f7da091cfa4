package import BotCore
package import BotHTTP
import BotWebSocket
package import Logging

extension DiscordPlatform {
    /// A heartbeat that does not leave, or a connection that does not close in order, is dead: the next one is made soon.
    private static let timeouts = WebSocketTimeouts(close: .seconds(1), send: .seconds(10))

    /// Creates the platform over the real network; nothing is connected before `run`.
    ///
    /// - Parameters:
    ///   - http: carries the REST requests and the gateway's connection.
    ///   - cursors: where the gateway's session and the identifies spent are kept over restarts.
    ///   - recentChannels: where messages may have been missed when a session was lost.
    ///   - waitingMessages: which messages were taken by an earlier run and are not answered: asked once, at the start of `run`.
    ///   - links: is told the state of the link `discord`.
    ///   - commands: the slash commands to register.
    ///   - mayAsk: whether somebody is let in: others are told so alone.
    ///   - logger: with the label `discord`.
    ///   - random: numbers in 0..<1 for jitter.
    package convenience init(
        configuration: DiscordConfiguration, http: HTTPClient, cursors: any CursorStore,
        recentChannels: @escaping RecentChannels, waitingMessages: @escaping WaitingMessages, links: LinkMonitor,
        commands: [CommandDescription], mayAsk: @escaping @Sendable (Speaker, ChatScope) -> Bool = { _, _ in true },
        time: any TimeSource = SystemTime(), logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        let sockets = WebSocketClient(http: http, time: time, timeouts: Self.timeouts)
        self.init(
            configuration: configuration, http: http, connector: WebSocketGateway(client: sockets), cursors: cursors,
            recentChannels: recentChannels, waitingMessages: waitingMessages, links: links, commands: commands,
            mayAsk: mayAsk, time: time, logger: logger, random: random)
    }
}
