import BotConversation
import BotCore
import BotStore
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
            isAtRest: { [self] in try await terminalIsAtRest() },
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

    /// Whether everything that was typed in the terminal is answered and shown.
    func terminalIsAtRest() async throws(StoreError) -> Bool {
        if try await !store.ready(on: .terminal, after: nil, limit: 1).isEmpty { return false }
        var last: InboxID?
        while true {
            let page = try await store.unfinished(after: last, limit: 500)
            if page.contains(where: { $0.event.conversation.platform == .terminal }) { return false }
            guard page.count == 500, let end = page.last else { return true }
            last = end.id
        }
    }

    private static func body(of text: String) -> InboundEvent.Body {
        guard text.hasPrefix("/") else { return .message(InboundMessage(text: text)) }
        let parts = text.dropFirst().split(separator: " ", maxSplits: 1)
        return .command(
            name: parts.first.map { $0.lowercased() } ?? "",
            arguments: parts.count > 1 ? String(parts[1]).trimmingBlanks() : "")
    }
}
