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

    /// Queues a message for each owner. Who has never written to the bot in private, or has had that chat erased, is reached on Discord alone,
    /// where a bot may begin.
    ///
    /// - Parameter text: Markdown, as answers are.
    /// - Returns: how many chats it goes to.
    @discardableResult
    package func tell(_ text: String) async throws(StoreError) -> Int {
        var count = 0
        for entry in access.owners {
            guard let (conversation, address) = try await delivery.privatePlace(of: entry, store) else {
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

extension ReplyDelivery {
    /// Where a person can be written to in private: where they have written, else where the platform lets the bot begin. Nil for nowhere.
    func privatePlace(
        of entry: String, _ store: some PeopleStore
    ) async throws(StoreError) -> (key: ConversationKey, address: ReplyAddress)? {
        guard let person = AccessEntry.person(in: entry) else { return nil }
        var key = try await store.privateConversation(of: person.id, on: person.platform)
        if key == nil { key = await openPrivateChat(with: person.id, on: person.platform) }
        guard let key, let address = address(of: key) else { return nil }
        return (key, address)
    }
}
