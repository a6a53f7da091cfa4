import BotCore
import BotHTTP
import BotTelegram

/// The first start on a terminal, with no platform configured: asks for a Telegram token, or goes on to chat right here.
struct FirstRun {
    enum Choice {
        /// A token was checked and saved.
        case token
        case chat
    }

    /// How often a token may be wrong before mybot goes on without one.
    private static let tries = 5

    let console: Console
    let configuration: AppConfiguration

    /// Asks until there is a good token or an empty line.
    ///
    /// - Throws: `StartError` when the token cannot be saved.
    func ask() async throws(StartError) -> Choice {
        console.say("Welcome to mybot. No platform is set up yet.")
        console.say("To use Telegram: write /newbot to @BotFather and paste the token it gives you.")
        for _ in 0..<Self.tries {
            guard let line = console.ask("Telegram token (or Enter to chat right here): ") else { return .chat }
            guard let token = Secret(line.trimmingBlanks()) else { return .chat }
            if let username = await username(of: token) {
                let path = configuration.file ?? AppConfiguration.defaultFile
                try SavedToken.saveTelegram(token.exposed, to: path)
                console.say("The token is good and saved in \(FilePlaces.absolute(path)): https://t.me/\(username)")
                return .token
            }
        }
        return .chat
    }

    /// The bot's user name if Telegram knows the token; says why when it does not.
    private func username(of token: Secret) async -> String? {
        let client = HTTPClient(
            HTTPClient.Configuration(
                proxy: configuration.network.proxy?.exposed, caFile: configuration.network.caFile))
        defer { client.shutdown() }
        let settings = TelegramConfiguration(botToken: token, apiBaseURL: configuration.telegram.apiBaseURL)
        do {
            return try await TelegramPlatform.getMe(settings, http: client).username
        } catch {
            console.say("That did not work: \(error.description)")
            return nil
        }
    }
}
