import BotCore
import Logging

/// Tells the owner once of each channel in which Discord does not let the bot do what it has to: in the log, and as the link's problem for as
/// long as it is so. While no permission is missing, that problem is what the configuration lacks.
final class PermissionWatch: Sendable {
    /// What is missing.
    enum Permission: Sendable, Hashable {
        /// 50001, "Missing Access".
        case viewChannel
        /// 50013, "Missing Permissions".
        case sendMessages
        /// 160002.
        case readHistory
        /// 50013 where a thread was to be opened.
        case createThreads

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
            case .createThreads: "let my role open threads there (Create Public Threads), where answers are to go"
            }
        }
    }

    private struct Lack: Hashable {
        let permission: Permission
        let channel: String

        var sentence: String { "a permission is missing in Discord's channel \(channel): \(permission.mend)" }
    }

    /// So many are told; beyond, the owner knows.
    private static let most = 200

    private let links: LinkMonitor
    private let concern: String?
    private let logger: Logger
    /// What is missing, the newest last.
    private let lacks = Lock<[Lack]>([])

    /// - Parameter concern: what the configuration lacks, as one sentence.
    init(links: LinkMonitor, concern: String? = nil, logger: Logger) {
        self.links = links
        self.concern = concern
        self.logger = logger
        links.advise("discord", concern)
    }

    /// Notes that something was refused in a channel.
    func note(_ permission: Permission, in channel: String, _ reason: String) {
        let lack = Lack(permission: permission, channel: channel)
        let isNews = lacks.withLock { lacks in
            guard lacks.count < Self.most, !lacks.contains(lack) else { return false }
            lacks.append(lack)
            links.advise("discord", lack.sentence)
            return true
        }
        guard isNews else { return }
        logger.warning(
            "Discord does not let the bot do what it has to",
            metadata: ["discord.problem": "\(lack.sentence)", "discord.error": "\(reason)"])
    }

    /// Notes that something went well in a channel that needs these permissions.
    func works(_ permissions: [Permission], in channel: String) {
        let mended = lacks.withLock { lacks in
            let before = lacks.count
            lacks.removeAll { $0.channel == channel && permissions.contains($0.permission) }
            guard lacks.count < before else { return false }
            links.advise("discord", lacks.last?.sentence ?? concern)
            return true
        }
        if mended {
            logger.notice("a permission that was missing is there", metadata: ["discord.channel": "\(channel)"])
        }
    }
}
