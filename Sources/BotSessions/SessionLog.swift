import BotCore
import Logging

/// The session manager's lines in the log: constant texts, facts as metadata, never the text of a message.
struct SessionLog: Sendable {
    private let logger: Logger
    /// Sessions that were marked inactive in this run, so that their waking can be told from an ordinary message.
    private let sleeping: Lock<LRUCache<SessionID, Void>>

    init(logger: Logger, remembering count: Int) {
        self.logger = logger
        sleeping = Lock(LRUCache(capacity: count))
    }

    func debug(_ message: Logger.Message, _ metadata: @autoclosure () -> Logger.Metadata) {
        logger.debug(message, metadata: metadata())
    }

    func info(_ message: Logger.Message, _ metadata: @autoclosure () -> Logger.Metadata) {
        logger.info(message, metadata: metadata())
    }

    func warning(_ message: Logger.Message, _ metadata: @autoclosure () -> Logger.Metadata) {
        logger.warning(message, metadata: metadata())
    }

    /// A session was marked inactive.
    func slept(_ id: SessionID, _ message: Logger.Message) {
        sleeping.withLock { $0.insert((), for: id) }
        info(message, ["session.id": "\(id)"])
    }

    /// A session was asked for or got a message: says so if that woke it or may have made it.
    ///
    /// - Parameter made: the number of its newest message, and the moment, if it was made just now; the store does not say.
    func touched(_ session: Session, ifMade made: (head: Int64, at: Timestamp)? = nil) {
        let isFirst = made.map { session.createdAt == $0.at && session.headSeq == $0.head } ?? false
        let wasAsleep = sleeping.withLock { sleeping in
            let wasAsleep = sleeping.peek(session.id) != nil
            sleeping.remove(session.id)
            return wasAsleep
        }
        guard isFirst || wasAsleep else { return }
        info(
            isFirst ? "session created" : "session woken",
            [
                "session.id": "\(session.id)", "conversation.id": "\(session.conversation)",
                "session.interface": "\(session.interfaceType)",
            ])
    }

    /// A message was appended.
    func added(_ message: SessionMessage, to session: Session) {
        info(
            "message added",
            [
                "session.id": "\(session.id)", "session.messages": "\(session.messageCount)",
                "session.tokens": "\(session.totalTokens)", "message.role": "\(message.role.rawValue)",
                "message.tokens": "\(message.tokens)",
            ])
    }
}
