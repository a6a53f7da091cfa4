import BotConversation
import BotCore
import BotDiscord
import BotHTTP
import BotTelegram
import BotWeb

/// What the owner sees at the start, on standard output alone: what is on, what is missing, who may talk, where the files
/// are, and what to type next. The start code is shown here and never reaches the log.
struct StartBanner: Sendable {
    let app: App
    let console: Console

    /// Shows all that is known before anything is connected.
    ///
    /// - Returns: the start code, when nobody may talk yet.
    func show() async throws(StartError) -> String? {
        let configuration = app.configuration
        console.say("mybot \(Version.current)")
        if let file = configuration.file { console.say("Settings   \(FilePlaces.absolute(file))") }
        console.say("Telegram   " + (app.telegram == nil ? "off: no token (telegram.botToken)" : "on"))
        for (number, line) in Self.discordLines(configuration, isOn: app.discord != nil).enumerated() {
            console.say((number == 0 ? "Discord    " : "           ") + line)
        }
        console.say("Model      \(app.models.plan)")
        console.say("Budgets    \(BudgetBanner.caps(configuration.budgets, configuration.limits))")
        for line in BudgetBanner.warnings(configuration.budgets, model: app.models.standard.name) {
            console.say("           \(line)")
        }
        console.say("Database   \(FilePlaces.absolute(configuration.storagePath))")
        console.say("Log        \(FilePlaces.absolute(configuration.log.path))")
        return try await showPeople()
    }

    /// What Discord lets the bot read, and what that leaves out.
    static func discordLines(_ configuration: AppConfiguration, isOn: Bool) -> [String] {
        guard isOn else { return ["off: no token (discord.botToken)"] }
        let everywhere = "on: answers direct messages, mentions, replies and slash commands"
        if configuration.discord.messageContentIntent {
            let channels = configuration.discord.channels.count
            return [
                channels == 0 ? everywhere : "\(everywhere), and everything in \(channels) of the servers' channels"
            ]
        }
        if configuration.access.groups != "all" { return [everywhere] }
        return [
            everywhere,
            "access.groups is all: the rest of what servers say cannot be read without discord.messageContentIntent",
        ]
    }

    /// Shows the link that carries the start code, once Telegram has said what the bot is called.
    func showTelegramLink(code: String) async {
        guard let settings = app.configuration.telegramSettings,
            // Where it fails, the link's own line says why.
            let identity = try? await TelegramPlatform.getMe(settings, http: app.http)
        else { return }
        console.say("Or open    \(App.link(to: identity.username, code: code))")
    }

    /// Shows the link that brings the bot into a server, once Discord has said who the bot is.
    func showDiscordInvite() async {
        // Cancelled when the bot ends before that.
        guard let url = try? await app.discord?.waitForInviteURL() else { return }
        console.say("Invite     \(url)")
    }

    /// Shows where the page is, once it is served.
    func showPage(port: Int) {
        let host = app.configuration.http.host
        let name = EndpointAddress.isLoopback(host: host) ? "localhost" : host
        console.say("Page       http://\(name):\(port)")
        console.say("Next       mybot chat talks here, mybot doctor looks whether all is well; Ctrl-C stops.")
    }

    private func showPeople() async throws(StartError) -> String? {
        do throws(StoreError) {
            try await app.access.load()
            if app.access.hasOwnerOrAnyone {
                console.say("People     somebody may talk already; mybot pair makes another owner")
                return nil
            }
            console.say("People     nobody may talk yet but you, here with mybot chat")
            let invitation = try await app.invitation()
            PairingText.show(invitation, on: console)
            return invitation.code
        } catch {
            throw StartError(error.description)
        }
    }
}

/// A start code in words.
enum PairingText {
    static func show(_ invitation: PairingInvitation, on console: Console) {
        console.say("")
        console.say(
            "To become the owner on a platform, send the bot this there within \(invitation.validSeconds / 60) minutes:"
        )
        console.say("    /start \(invitation.code)")
        if let link = invitation.telegramLink {
            console.say("or open \(link) and press Start.")
        }
        console.say("")
    }
}
