package import BotCore
import Logging

/// What platforms know about people and chats.
extension DeliveryEngine {
    /// How long a platform may think about who administers a chat.
    private static let patience = Duration.seconds(5)

    package func administers(_ person: Speaker, _ scope: ChatScope, on platform: Platform) async -> Bool? {
        guard let transport = transports[platform] else { return nil }
        let answer = await withDeadline(Self.patience, by: time) { [logger] () async -> Bool? in
            do throws(DeliveryError) {
                return try await transport.administers(person, scope)
            } catch {
                logger.debug("a platform did not say who administers a chat", metadata: ["error": "\(error)"])
                return nil
            }
        }
        return answer ?? nil
    }

    package func startLink(with code: String, on platform: Platform) -> String? {
        transports[platform]?.startLink(with: code)
    }
}
