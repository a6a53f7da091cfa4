import BotConversation
import BotCore
import BotTelegram
import BotWeb
import Foundation

extension App {
    /// What `mybot pair`, `doctor` and `chat` ask of a running bot.
    var controlActions: ControlActions {
        ControlActions(
            pair: { [self] in try await invitation() },
            doctor: { [self] in await Doctor(app: self).report() },
            say: { [self] text in try await say(text) },
            listen: { [terminal] in terminal.listen() })
    }

    /// Makes a new pairing code.
    func invitation() async throws(StoreError) -> PairingInvitation {
        let code = try await access.makePairingCode()
        let link = telegram?.identity.map { Self.link(to: $0.username, code: code) }
        return PairingInvitation(code: code, telegramLink: link, validSeconds: 3600)
    }

    /// The link that opens the bot in Telegram and sends the code.
    static func link(to username: String, code: String) -> String { "https://t.me/\(username)?start=\(code)" }

    /// Takes what somebody typed in the terminal, as a message or a command.
    package func say(_ text: String) async throws {
        let event = InboundEvent(
            externalID: UUID().uuidString, conversation: TerminalTransport.conversation, scope: .direct,
            isAddressed: true,
            speaker: Speaker(id: "owner", name: "Owner"), receivedAt: time.now, replyAddress: TerminalTransport.address,
            body: Self.body(of: text))
        try await engine.accept([event], cursor: nil)
    }

    private static func body(of text: String) -> InboundEvent.Body {
        guard text.hasPrefix("/") else { return .message(text: text, quoted: nil) }
        let parts = text.dropFirst().split(separator: " ", maxSplits: 1)
        return .command(
            name: parts.first.map { $0.lowercased() } ?? "",
            arguments: parts.count > 1 ? String(parts[1]).trimmingBlanks() : "")
    }
}
