import BotCore

/// Presses of buttons. Each is acknowledged as soon as it comes (see `InteractionResponder`): what is left is to say why nothing
/// follows, and to take buttons away.
extension DiscordSender {
    /// Shorter than for other requests: what nobody waits for any more need not be told.
    private static let deadline = Duration.seconds(3)

    /// Shows a notice to the person who pressed, alone. A press that Discord takes no answer to any more is as good as answered.
    func tell(_ notice: String, at address: DiscordAddress) async throws(DeliveryError) {
        guard let press = await usable(address.press) else { return }
        var route = RESTRoute.followUp(application: press.application, token: press.token)
        route.deadline = Self.deadline
        do {
            _ = try await rest.send(route, json: MessageBody(content: notice, isPrivate: true))
        } catch {
            guard !Self.hasExpired(error) else { return }
            throw Self.translated(error)
        }
    }

    /// Takes the buttons off the message that was pressed, and leaves its text.
    func removeButtons(from message: String, at address: DiscordAddress) async throws(DeliveryError) {
        let body = MessageBody(buttons: [])
        // Messages that one person alone sees can be edited only so: the press's own message is the one that it was under.
        if let press = await usable(address.press) {
            var route = RESTRoute.editAnswer("@original", application: press.application, token: press.token)
            route.deadline = Self.deadline
            do {
                _ = try await rest.send(route, json: body)
                return
            } catch {
                guard Self.hasExpired(error) || Self.isMissing(error) else { throw Self.translated(error) }
            }
        }
        var route = RESTRoute.editMessage(message, in: address.channel)
        route.deadline = Self.deadline
        do {
            _ = try await rest.send(route, json: body)
        } catch {
            throw Self.translated(error)
        }
    }
}
