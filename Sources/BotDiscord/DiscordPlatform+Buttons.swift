package import BotCore

extension DiscordPlatform {
    package func answerPress(_ press: String, notice: String?, at address: ReplyAddress) async throws(DeliveryError) {
        guard let notice else { return }
        try await sender.tell(notice, at: known(address))
    }

    package func removeButtons(from message: String, at address: ReplyAddress) async throws(DeliveryError) {
        try await sender.removeButtons(from: message, at: known(address))
    }
}
