package import BotCore

extension TelegramPlatform {
    private static let deadline = Duration.seconds(5)

    /// See `ChatTransport`. Anonymous administrators write in the name of the chat itself ("sender_chat", `Message`); other chats that somebody
    /// writes in the name of are nobody there.
    package func administers(_ person: Speaker, _ scope: ChatScope) async throws(DeliveryError) -> Bool {
        guard case .shared(let space, title: _) = scope,
            let chat = space.split(separator: ":").last.flatMap({ Int64($0) }),
            let id = Int64(person.id)
        else { return false }
        if id == chat { return true }
        guard id > 0 else { return false }
        do throws(CallFailure) {
            let member = try await api.call(GetChatMember(chatID: chat, userID: id), deadline: Self.deadline)
            return member.isAdministrator
        } catch {
            throw ErrorClassifier.deliveryError(for: error, in: .typing) ?? .refused(error.summary)
        }
    }
}
