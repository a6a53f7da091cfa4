package import BotCore
package import BotHTTP
package import Logging

/// Telegram: receives by long polling and sends with the Bot API. Sends share no connection with the poll.
package final class TelegramPlatform: Sendable {
    let configuration: TelegramConfiguration
    let api: TelegramAPI
    private let loop: PollLoop
    private let progress = PollProgress()
    let draftSupport = DraftSupport()
    let files: FileFetcher

    /// Creates the platform; nothing is connected before `run`.
    ///
    /// - Parameters:
    ///   - cursors: remembers, as `telegram/<bot id>`, the last update that was stored.
    ///   - links: is told the state of the link `telegram`.
    ///   - commands: the menus; none leaves the bot's menu as it is.
    package init(
        configuration: TelegramConfiguration, http: HTTPClient, cursors: any CursorStore, links: LinkMonitor,
        commands: [CommandDescription], time: any TimeSource, logger: Logger
    ) {
        self.configuration = configuration
        let api = TelegramAPI(baseURL: configuration.apiBaseURL, token: configuration.botToken, http: http)
        self.api = api
        files = FileFetcher(api: api, time: time)
        loop = PollLoop(
            api: api, pollTimeout: configuration.pollTimeout, menus: CommandMenus(commands),
            concern: configuration.concern(about:), cursors: cursors, links: links, time: time, logger: logger,
            progress: progress)
    }

    /// Asks Telegram who the bot is: the check of a token.
    ///
    /// - Throws: `TelegramError`; within 15 s.
    package static func getMe(
        _ configuration: TelegramConfiguration, http: HTTPClient
    ) async throws(TelegramError) -> BotIdentity {
        let api = TelegramAPI(baseURL: configuration.apiBaseURL, token: configuration.botToken, http: http)
        do {
            return try await api.call(GetMe(), deadline: .seconds(15))
        } catch {
            throw TelegramError(error)
        }
    }

    /// Who the bot is, once Telegram has said so.
    package var identity: BotIdentity? { progress.identity }

    /// Waits until Telegram has said who the bot is.
    ///
    /// - Throws: `CancellationError` alone.
    package func waitForIdentity() async throws -> BotIdentity { try await progress.waitForIdentity() }

    /// What of the bot's settings on Telegram keeps it from doing what is configured (see `TelegramConfiguration`).
    package func concern(about bot: BotIdentity) -> String? { configuration.concern(about: bot) }

    /// Where a person is written to in private.
    package static func address(ofPerson id: Int64) -> ReplyAddress {
        TelegramAddress(chat: id, isPrivate: true).encoded
    }

    /// Receives until the task is cancelled. Returns earlier only when Telegram refuses the token: then the link is
    /// `failed` and the log says what to do.
    package func run(intake: any EventIntake) async {
        await loop.run(intake: intake)
    }

    /// Tells Telegram, after `run` was cancelled, which updates are stored, so that a restart does not get them again.
    /// Takes 2 s at most; when it fails, the restart gets them again and knows them as seen.
    ///
    /// Nothing is sent when the last poll has told it already: Telegram would hold the same question for 3 s.
    package func farewell() async {
        guard let offset = progress.unconfirmedOffset else { return }
        do {
            _ = try await api.call(GetUpdates(offset: offset, limit: 1, timeout: 0), deadline: .seconds(2))
            progress.asked(from: offset)
        } catch {
            loop.logger.debug("Telegram did not take the farewell", metadata: ["telegram.error": "\(error.summary)"])
        }
    }
}
