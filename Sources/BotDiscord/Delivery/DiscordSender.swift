import BotCore

/// Puts messages into chats: as ordinary messages, or as answers to interactions for as long as those can be answered.
struct DiscordSender: Sendable {
    let rest: DiscordREST
    let ledger: InteractionLedger
    let threads: ThreadOpener
    let permissions: PermissionWatch
    let time: any TimeSource

    /// An interaction is acknowledged within three seconds or not at all.
    private static let patience = Duration.seconds(4)

    /// What stands in the channel instead of an answer for one person alone that can no longer be given to them alone.
    static let tooLate = "I could not answer that in time for you alone. Please send it again."
    static let restTooLate = "I could not say the rest in time for you alone. Please send it again."

    /// Discord knows a nonce for "a few minutes".
    static let nonceLifetime = Duration.seconds(180)

    /// Whether a message that may stand already can simply be sent again.
    ///
    /// A message in a channel carries its nonce. The first answer to an interaction is an edit, which may be repeated. What
    /// follows it carries no nonce (Receiving and Responding, "Followup Messages"), nor did an answer to an interaction that
    /// has expired since.
    func repeatIsHarmless(at address: DiscordAddress, isFirst: Bool, since firstAttempt: Duration) -> Bool {
        // What one person alone sees of a press carries no nonce.
        if let press = address.press, press.isPrivate, press.isAlive(at: time.now) { return false }
        guard let interaction = address.interaction else { return firstAttempt < Self.nonceLifetime }
        return isFirst && interaction.isAlive(at: time.now)
    }

    /// Makes a message and returns its id.
    func send(
        _ text: String, buttons: [ReplyButton] = [], file: ReplyFile? = nil, to address: DiscordAddress, nonce: String,
        isFirst: Bool
    ) async throws(DeliveryError) -> String {
        var body = MessageBody(content: text)
        body.file = file
        if !buttons.isEmpty { body.buttons = buttons }
        do {
            if let message = try await answer(address, body, isFirst: isFirst) { return message }
        } catch {
            guard Self.hasExpired(error) else { throw Self.translated(error) }
        }
        if (address.interaction ?? address.press)?.isPrivate == true {
            body = MessageBody(content: isFirst ? Self.tooLate : Self.restTooLate)
        }
        body.nonce = nonce
        do {
            return try await create(body, isFirst: isFirst, at: address)
        } catch {
            throw translated(error, at: address)
        }
    }

    /// Replaces the text of a message, and the buttons under it.
    func edit(
        _ message: String, to text: String, buttons: [ReplyButton] = [], at address: DiscordAddress
    ) async throws(DeliveryError) {
        let body = MessageBody(content: text, buttons: buttons)
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
            try await inPlaces(of: address) { place throws(RESTError) in
                _ = try await rest.send(.editMessage(message, in: place), json: body)
            }
        } catch {
            throw translated(error, at: address)
        }
    }

    /// Takes a message away; one that is gone already is fine. Of interactions only what everybody sees has previews, and with
    /// them something to take away, which is a message of the channel like any other.
    func remove(_ message: String, at address: DiscordAddress) async throws(DeliveryError) {
        do {
            try await inPlaces(of: address) { place throws(RESTError) in
                _ = try await rest.send(.deleteMessage(message, in: place))
            }
        } catch {
            guard !Self.isMissing(error) else { return }
            throw translated(error, at: address)
        }
    }

    /// Shows that the bot is typing; an interaction that waits shows that by itself.
    func showTyping(at address: DiscordAddress) async throws(DeliveryError) {
        if let interaction = address.interaction, interaction.isAlive(at: time.now) { return }
        do {
            _ = try await rest.send(.typing(in: threads.place(of: address).channel))
        } catch {
            throw translated(error, at: address)
        }
    }

    // MARK: - Parts

    private func create(
        _ body: MessageBody, isFirst: Bool, at address: DiscordAddress
    ) async throws(RESTError) -> String {
        let place = try await threads.place(of: address)
        let watched = address.watchedChannel
        var body = body
        if isFirst { body.replyTo = place.replyTo }
        do {
            let message = try await create(body, in: place.channel)
            permissions.works(
                [.viewChannel, .sendMessages] + (body.replyTo == nil ? [] : [.readHistory]), in: watched)
            return message
        } catch {
            // 160002: without the right to read the history there are no replies, but messages there are.
            guard case .refused(_, 160_002, let reason) = error, body.replyTo != nil else { throw error }
            permissions.note(.readHistory, in: watched, reason)
            body.replyTo = nil
        }
        return try await create(body, in: place.channel)
    }

    private func create(_ body: MessageBody, in channel: String) async throws(RESTError) -> String {
        let answer = try await rest.send(.createMessage(in: channel), message: body)
        return try DiscordREST.read(CreatedMessage.self, from: answer).id
    }

    /// Does something to a message where it is, and where else it may be when it is not there.
    private func inPlaces(
        of address: DiscordAddress, _ work: (String) async throws(RESTError) -> Void
    ) async throws(RESTError) {
        var places = threads.places(of: address)[...]
        while let place = places.popFirst() {
            do {
                return try await work(place)
            } catch {
                guard !places.isEmpty, Self.isMissing(error) || Self.isUnknownChannel(error) else { throw error }
            }
        }
    }

    /// Answers the interaction that the address is of; nil when the message belongs into the channel.
    private func answer(
        _ address: DiscordAddress, _ body: MessageBody, isFirst: Bool
    ) async throws(RESTError) -> String? {
        // The first answer to a press would be the message that was pressed; nobody else sees that of a private one.
        let isPress = address.interaction == nil
        guard let interaction = await usable(address.interaction ?? address.press), !isPress || interaction.isPrivate
        else { return nil }
        var body = body
        let fillsIn = isFirst && !isPress
        let route: RESTRoute =
            fillsIn
            ? .editAnswer("@original", application: interaction.application, token: interaction.token)
            : .followUp(application: interaction.application, token: interaction.token)
        // Whether the first message is private was settled by the acknowledgement.
        body.isPrivate = interaction.isPrivate && !fillsIn
        return try DiscordREST.read(CreatedMessage.self, from: try await rest.send(route, message: body)).id
    }

    /// The interaction if it can still be answered; waits until its acknowledgement is through.
    func usable(_ interaction: DiscordAddress.Interaction?) async -> DiscordAddress.Interaction? {
        guard let interaction, interaction.isAlive(at: time.now) else { return nil }
        let outcome = await ledger.outcome(of: interaction.id, until: time.uptime + Self.patience, time)
        return outcome == .failed ? nil : interaction
    }

    static func hasExpired(_ error: RESTError) -> Bool {
        // Unknown webhook, invalid webhook token, unknown interaction.
        guard case .refused(_, let code, _) = error else { return false }
        return code == 10_015 || code == 50_027 || code == 10_062
    }

    static func isMissing(_ error: RESTError) -> Bool {
        guard case .refused(_, 10_008, _) = error else { return false }
        return true
    }

    private static func isUnknownChannel(_ error: RESTError) -> Bool {
        guard case .refused(_, 10_003, _) = error else { return false }
        return true
    }

    /// What a failure in a channel means; one for want of a permission is said to the owner.
    private func translated(_ error: RESTError, at address: DiscordAddress) -> DeliveryError {
        if case .refused(_, let code, let reason) = error, let permission = PermissionWatch.Permission(code: code) {
            permissions.note(permission, in: address.watchedChannel, reason)
        }
        return Self.translated(error)
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
            // Cannot message this person, unknown channel: nothing goes there whatever is tried.
            case 50_007, 10_003: .chatGone(error.description)
            // Missing access, missing permissions, archived thread.
            case 50_001, 50_013, 50_083: .chatUnavailable(error.description)
            // Unknown message, too many edits of an old message.
            case 10_008, 30_046: .messageMissing(error.description)
            // Without a code it was not Discord's API that refused.
            case 0 where status == 403 || status == 408: .notSent(error.description)
            default: .refused(error.description)
            }
        }
    }
}
