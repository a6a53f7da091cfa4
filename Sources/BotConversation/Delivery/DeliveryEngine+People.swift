package import BotCore
import Logging

/// What platforms know about people and chats.
extension DeliveryEngine {
    /// How long a platform may think about who administers a chat.
    private static let patience = Duration.seconds(5)

    package func administers(_ person: Speaker, _ scope: ChatScope, on platform: Platform) async -> Bool? {
        await ask(platform, "who administers a chat") { transport throws(DeliveryError) in
            try await transport.administers(person, scope)
        }
    }

    package func openPrivateChat(with person: String, on platform: Platform) async -> ConversationKey? {
        await ask(platform, "where a person is written to") { transport throws(DeliveryError) in
            try await transport.openPrivateChat(with: person)
        }
    }

    /// What a platform says; nil when it does not, or not in time.
    private func ask<Answer: Sendable>(
        _ platform: Platform, _ what: String,
        _ question: @escaping @Sendable (any ChatTransport) async throws(DeliveryError) -> Answer?
    ) async -> Answer? {
        guard let transport = transports[platform] else { return nil }
        let answer = await withDeadline(Self.patience, by: time) { [logger] () async -> Answer? in
            do throws(DeliveryError) {
                return try await question(transport)
            } catch {
                logger.debug("a platform did not say \(what)", metadata: ["error": "\(error)"])
                return nil
            }
        }
        return answer ?? nil
    }

    package func startLink(with code: String, on platform: Platform) -> String? {
        transports[platform]?.startLink(with: code)
    }
}
