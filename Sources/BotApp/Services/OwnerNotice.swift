import BotConversation
import BotCore
import BotStore
import BotTelegram
import Logging

/// Tells the owners in private what of the bot's settings on Telegram keeps it from doing what is configured: once, until it is mended.
/// The log and the link say it at every start.
struct OwnerNotice {
    let platform: TelegramPlatform
    let store: SQLiteStore
    let delivery: DeliveryEngine
    let time: any TimeSource
    let logger: Logger

    /// Waits until Telegram has said who the bot is, and then tells what there is to tell.
    func run() async {
        do {
            let bot = try await platform.waitForIdentity()
            // A crash between the two writes tells it once more.
            let name = "notice/telegram/\(bot.id)/privacy"
            guard let concern = platform.concern(about: bot) else {
                return try await store.setCursor(named: name, to: nil)
            }
            guard try await store.cursor(named: name) == nil else { return }
            let owners = try await owners()
            for owner in owners {
                let rows = try await store.queueNotice(
                    delivery.render("A note for my owner: \(concern).", for: .telegram),
                    in: ConversationKey(platform: .telegram, account: "\(bot.id)", chat: "\(owner)"),
                    address: TelegramPlatform.address(ofPerson: owner), at: time.now)
                delivery.enqueue(rows)
            }
            // Who becomes the owner later is told at the next start.
            if !owners.isEmpty { try await store.setCursor(named: name, to: "told") }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("the owner was not told", metadata: ["error": "\(error)"])
        }
    }

    private func owners() async throws(StoreError) -> [Int64] {
        try await store.grants().filter { $0.role == .owner }.compactMap { grant in
            let parts = grant.entry.split(separator: ":")
            return parts.count == 2 && parts[0] == "telegram" ? Int64(parts[1]) : nil
        }
    }
}
