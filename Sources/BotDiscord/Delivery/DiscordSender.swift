import BotCore

/// Puts messages into chats: as ordinary messages, or as answers to interactions for as long as those can be answered.
struct DiscordSender: Sendable {
    let rest: DiscordREST
    let ledger: InteractionLedger
    let time: any TimeSource

    /// An interaction is acknowledged within three seconds or not at all.
    private static let patience = Duration.seconds(4)

    /// Discord knows a nonce for "a few minutes".
    static let nonceLifetime = Duration.seconds(180)

    /// Whether a message that may stand already can simply be sent again.
    ///
    /// A message in a channel carries its nonce. The first answer to an interaction is an edit, which may be repeated. What
    /// follows it carries no nonce (Receiving and Responding, "Followup Messages"), nor did an answer to an interaction that
    /// has expired since.
    func repeatIsHarmless(at address: DiscordAddress, isFirst: Bool, since firstAttempt: Duration) -> Bool {
        guard let interaction = address.interaction else { return firstAttempt < Self.nonceLifetime }
        return isFirst && interaction.isAlive(at: time.now)
    }

    /// Makes a message and returns its id.
    func send(_ text: String, to address: DiscordAddress, nonce: String, isFirst: Bool) async throws(DeliveryError)
        -> String
    {
        if let interaction = await usable(address.interaction) {
            do {
                return try await answer(interaction, text, isFirst: isFirst)
            } catch {
                guard Self.hasExpired(error) else { throw Self.translated(error) }
            }
        }
        var body = MessageBody(content: text, nonce: nonce, replyTo: isFirst ? address.replyTo : nil)
        do {
            return try await create(body, in: address.channel)
        } catch {
            // 160002: without the right to read the history there are no replies, but messages there are.
            guard case .refused(_, 160_002, _) = error, body.replyTo != nil else { throw Self.translated(error) }
            body.replyTo = nil
        }
        do {
            return try await create(body, in: address.channel)
        } catch {
            throw Self.translated(error)
        }
    }

    /// Replaces the text of a message.
    func edit(_ message: String, to text: String, at address: DiscordAddress) async throws(DeliveryError) {
        let body = MessageBody(content: text)
        if let interaction = await usable(address.interaction) {
            do {
                _ = try await rest.send(
                    .editAnswer(message, application: interaction.application, token: interaction.token), json: body)
                return
            } catch {
                // The message may also be one that went into the channel.
                guard Self.hasExpired(error) || Self.isMissing(error) else { throw Self.translated(error) }
            }
        }
        do {
            _ = try await rest.send(.editMessage(message, in: address.channel), json: body)
        } catch {
            throw Self.translated(error)
        }
    }

    /// Takes a message away; one that is gone already is fine. Answers to interactions have no previews, so none of them comes
    /// here.
    func remove(_ message: String, at address: DiscordAddress) async throws(DeliveryError) {
        do {
            _ = try await rest.send(.deleteMessage(message, in: address.channel))
        } catch {
            guard !Self.isMissing(error) else { return }
            throw Self.translated(error)
        }
    }

    /// Shows that the bot is typing; an interaction that waits shows that by itself.
    func showTyping(at address: DiscordAddress) async throws(DeliveryError) {
        if let interaction = address.interaction, interaction.isAlive(at: time.now) { return }
        do {
            _ = try await rest.send(.typing(in: address.channel))
        } catch {
            throw Self.translated(error)
        }
    }

    // MARK: - Parts

    private func create(_ body: MessageBody, in channel: String) async throws(RESTError) -> String {
        let answer = try await rest.send(.createMessage(in: channel), json: body)
        return try DiscordREST.read(CreatedMessage.self, from: answer).id
    }

    private func answer(
        _ interaction: DiscordAddress.Interaction, _ text: String, isFirst: Bool
    ) async throws(RESTError) -> String {
        let route: RESTRoute =
            isFirst
            ? .editAnswer("@original", application: interaction.application, token: interaction.token)
            : .followUp(application: interaction.application, token: interaction.token)
        // Whether the first message is private was settled by the acknowledgement.
        let body = MessageBody(content: text, isPrivate: interaction.isPrivate && !isFirst)
        return try DiscordREST.read(CreatedMessage.self, from: try await rest.send(route, json: body)).id
    }

    /// The interaction if it can still be answered; waits until its acknowledgement is through.
    private func usable(_ interaction: DiscordAddress.Interaction?) async -> DiscordAddress.Interaction? {
        guard let interaction, interaction.isAlive(at: time.now) else { return nil }
        let outcome = await ledger.outcome(of: interaction.id, until: time.uptime + Self.patience, time)
        return outcome == .failed ? nil : interaction
    }

    private static func hasExpired(_ error: RESTError) -> Bool {
        // Unknown webhook, invalid webhook token, unknown interaction.
        guard case .refused(_, let code, _) = error else { return false }
        return code == 10_015 || code == 50_027 || code == 10_062
    }

    private static func isMissing(_ error: RESTError) -> Bool {
        guard case .refused(_, 10_008, _) = error else { return false }
        return true
    }

    /// What a failure means for delivery (Opcodes and Status Codes, "JSON").
    static func translated(_ error: RESTError) -> DeliveryError {
        switch error {
        case .rateLimited(let span, let everywhere): .rateLimited(retryAfter: span, everywhere: everywhere)
        case .notSent(let reason): .notSent(reason)
        case .outcomeUnknown(let reason), .unreadable(let reason): .outcomeUnknown(reason)
        case .unauthorized: .linkDown(error.description)
        case .cancelled: .cancelled
        case .refused(let status, let code, _):
            switch code {
            // Cannot message this person, missing access, missing permissions, unknown channel, archived thread.
            case 50_007, 50_001, 50_013, 10_003, 50_083: .chatUnavailable(error.description)
            // Unknown message, too many edits of an old message.
            case 10_008, 30_046: .messageMissing(error.description)
            // Without a code it was not Discord's API that refused.
            case 0 where status == 403 || status == 408: .notSent(error.description)
            default: .refused(error.description)
            }
        }
    }
}
