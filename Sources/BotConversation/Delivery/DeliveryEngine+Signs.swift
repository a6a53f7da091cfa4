package import BotCore
import Logging

extension DeliveryEngine {
    package func showWaiting(_ isWaiting: Bool, on event: InboundEvent, message: String) async -> Bool {
        guard let transport = transports[event.conversation.platform] else { return false }
        // A chat that asks for quiet gets no sign; one that stands already is taken away later.
        guard isOpen(event.conversation) else { return !isWaiting }
        do throws(DeliveryError) {
            try await transport.showWaiting(isWaiting, on: message, at: event.replyAddress)
            return isWaiting
        } catch {
            logger.debug("the sign of a waiting message failed", metadata: ["error": "\(error)"])
            switch error {
            case .rateLimited(let span, let everywhere):
                close(event.conversation, for: span, everywhere: everywhere)
                return !isWaiting
            case .outcomeUnknown: return true
            case .notSent, .linkDown, .cancelled: return !isWaiting
            // Nothing that is tried again would come about either.
            default: return false
            }
        }
    }
}
