import BotCore
import Logging

extension DeliveryEngine {
    /// Writes what the planner noted, and hands on what concerns more than delivery: each change of state once, and every row that was given up.
    func log(_ note: DeliveryNote) {
        switch note {
        case .failing(.terminal, let reason):
            // Nobody has a terminal open: that is no trouble, and what waits is shown to the next one.
            logger.debug("messages wait for a terminal", metadata: ["reason": "\(reason)"])
        case .recovered(.terminal): logger.debug("messages go out to a terminal again")
        case .failing(let platform, let reason):
            logger.warning("messages do not go out, trying again", metadata: Self.facts(platform, reason))
        case .recovered(let platform):
            logger.info("messages go out again", metadata: ["chat.platform": "\(platform)"])
        case .rateLimited(let conversation, let span, let everywhere):
            logger.warning(
                "the platform asks to wait",
                metadata: [
                    "chat": "\(conversation)", "wait.ms": "\(span.milliseconds)", "wait.everywhere": "\(everywhere)",
                ])
        case .possibleRepeat(let conversation, let row):
            logger.warning(
                "a message was sent again, marked as a possible repeat",
                metadata: ["chat": "\(conversation)", "outbox.row": "\(row)"])
        case .abandoned(let conversation, let row, let reason):
            logger.error(
                "a message was given up",
                metadata: ["chat": "\(conversation)", "outbox.row": "\(row)", "reason": "\(reason)"])
        case .unreachable(let chat):
            news.yield(.unreachable(chat))
            logger.info(
                "a chat can no longer be reached",
                metadata: ["chat": "\(chat.conversation)", "reason": "\(chat.reason)"])
        case .moved(let move):
            news.yield(.moved(move))
            logger.notice(
                "a chat goes on under another id", metadata: ["chat": "\(move.from)", "chat.new": "\(move.to)"])
        case .storeFailing(let error):
            logger.error("the outbox cannot be written, trying again", metadata: ["reason": "\(error)"])
        case .storeRecovered: logger.info("the outbox can be written again")
        case .wentPlain(let conversation, let row, let reason):
            logger.warning(
                "a message goes without its formatting",
                metadata: ["chat": "\(conversation)", "outbox.row": "\(row)", "reason": "\(reason)"])
        case .postponedToStore(let platform):
            logger.warning("many messages wait, the newest in the store", metadata: ["chat.platform": "\(platform)"])
        }
    }

    private static func facts(_ platform: Platform, _ reason: String) -> Logger.Metadata {
        ["chat.platform": "\(platform)", "reason": "\(reason)"]
    }
}
