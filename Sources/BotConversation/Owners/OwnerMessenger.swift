package import BotCore
package import Logging

/// Writes to the owners, each in the private chats in which they were last active: for what only they can mend.
package struct OwnerMessenger: Sendable {
    private let store: any PeopleStore & OutboxStore
    private let access: AccessControl
    private let delivery: any ReplyDelivery
    private let time: any TimeSource
    private let logger: Logger

    package init(
        store: any PeopleStore & OutboxStore, access: AccessControl, delivery: any ReplyDelivery,
        time: any TimeSource, logger: Logger
    ) {
        self.store = store
        self.access = access
        self.delivery = delivery
        self.time = time
        self.logger = logger
    }

    /// Queues a message for each owner. Who has never written to the bot in private, or has had that chat erased, is not reached.
    ///
    /// - Parameter text: Markdown, as answers are.
    /// - Returns: how many chats it goes to.
    @discardableResult
    package func tell(_ text: String) async throws(StoreError) -> Int {
        var count = 0
        for entry in access.owners {
            guard let person = AccessEntry.person(in: entry),
                let conversation = try await store.privateConversation(of: person.id, on: person.platform),
                let address = delivery.address(of: conversation)
            else {
                logger.notice(
                    "an owner has no private chat to be told something", metadata: ["access.entry": "\(entry)"])
                continue
            }
            let rows = try await store.queueNotice(
                delivery.render(text, for: conversation.platform), in: conversation, address: address, at: time.now)
            delivery.enqueue(rows)
            count += 1
        }
        return count
    }
}
