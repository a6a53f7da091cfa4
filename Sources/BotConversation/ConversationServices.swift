import BotCore
import BotSessions
import Logging

/// What the parts of the conversation side work with.
struct ConversationServices: Sendable {
    let store: any Store
    let sessions: SessionManager
    let provider: any ModelProvider
    let delivery: any ReplyDelivery
    let links: LinkMonitor
    let access: AccessControl
    let lanes: LaneDriver
    let patiently: StorePatience
    let settings: ConversationSettings
    /// The model that answered last, as `openai/gpt-5`; nil until one has.
    let lastModel = Lock<String?>(nil)
    let time: any TimeSource
    let logger: Logger

    /// Ends an event and queues its answer; nil ends it in silence.
    func answer(_ entry: InboxEntry, _ text: String?) async throws(StoreError) {
        let chunks = text.map { delivery.render($0, for: entry.event.conversation.platform) } ?? []
        let rows = try await patiently { () async throws(StoreError) in
            try await store.finish(entry.id, answer: chunks, at: time.now)
        }
        if !rows.isEmpty { delivery.enqueue(rows) }
    }

    /// The metadata that names an event in the log.
    func metadata(of entry: InboxEntry) -> Logger.Metadata {
        ["chat.platform": "\(entry.event.conversation.platform)", "event.id": "\(entry.id)"]
    }
}
