package import BotCore
import Logging

/// Presses are answered around the queues: nothing waits for them, and what fails is let go.
extension DeliveryEngine {
    package func answerPress(_ press: ButtonPress, of event: InboundEvent, notice: String?) async {
        guard let transport = transports[event.conversation.platform] else { return }
        do throws(DeliveryError) {
            try await transport.answerPress(press.id, notice: notice, at: event.replyAddress)
        } catch {
            logger.debug("a press was not answered", metadata: ["error": "\(error)"])
        }
    }

    package func removeButtons(under press: ButtonPress, of event: InboundEvent) async {
        guard let transport = transports[event.conversation.platform], isOpen(event.conversation) else { return }
        do throws(DeliveryError) {
            try await transport.removeButtons(from: press.message, at: event.replyAddress)
        } catch {
            // What one method is told holds for all that go to the chat.
            if case .rateLimited(let span, let everywhere) = error {
                close(event.conversation, for: span, everywhere: everywhere)
            }
            logger.debug("old buttons were not removed", metadata: ["error": "\(error)"])
        }
    }
}
