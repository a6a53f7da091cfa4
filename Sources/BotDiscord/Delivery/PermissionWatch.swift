import BotCore
import Logging

/// Tells the owner once of each channel in which Discord does not let the bot do what it has to: in the log, and as the link's problem.
final class PermissionWatch: Sendable {
    /// What is missing.
    enum Permission: Sendable, Hashable {
        /// 50001, "Missing Access".
        case viewChannel
        /// 50013, "Missing Permissions".
        case sendMessages
        /// 160002.
        case readHistory

        /// Nil for a code that is not about permissions (Opcodes and Status Codes, "JSON").
        init?(code: Int) {
            switch code {
            case 50_001: self = .viewChannel
            case 50_013: self = .sendMessages
            default: return nil
            }
        }

        /// What the owner should mend.
        var mend: String {
            switch self {
            case .viewChannel: "let my role see it (View Channel)"
            case .sendMessages: "let my role write there (Send Messages, in threads Send Messages in Threads)"
            case .readHistory: "let my role read there (Read Message History), so that answers are replies"
            }
        }
    }

    private struct Lack: Hashable {
        let permission: Permission
        let channel: String
    }

    /// So many are told; beyond, the owner knows.
    private static let most = 200

    private let links: LinkMonitor
    private let logger: Logger
    private let told = Lock<Set<Lack>>([])

    init(links: LinkMonitor, logger: Logger) {
        self.links = links
        self.logger = logger
    }

    /// Notes that something was refused in a channel.
    func note(_ permission: Permission, in channel: String, _ reason: String) {
        let isNews = told.withLock {
            $0.count < Self.most && $0.insert(Lack(permission: permission, channel: channel)).inserted
        }
        guard isNews else { return }
        let sentence = "a permission is missing in Discord's channel \(channel): \(permission.mend)"
        logger.warning(
            "Discord does not let the bot do what it has to",
            metadata: ["discord.problem": "\(sentence)", "discord.error": "\(reason)"])
        links.advise("discord", sentence)
    }
}
