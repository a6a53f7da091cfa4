import BotCore
import Logging

/// Turns strangers away, and asks those who decide about them.
struct AdmissionDesk: Sendable {
    /// So many messages about strangers go to those who decide in an hour; who comes beyond stands in `/people`.
    static let mostAnHour = 10
    private static let hour = Duration.seconds(3600)

    let services: ConversationServices
    let notices: StrangerNotices

    /// Ends a stranger's event in private: with one polite line a day at most. Somebody is asked about them where there is somebody to ask.
    ///
    /// - Returns: false when they have been let in at the same moment: then the event is to be handled.
    func turnAway(_ entry: InboxEntry) async throws(StoreError) -> Bool {
        let event = entry.event
        guard let person = event.person else {
            try await services.answer(entry, nil)
            return true
        }
        let isTold = notices.take(person, at: services.time.now)
        guard !services.access.deciders.isEmpty, event.canWaitForAdmission else {
            try await end(entry, saying: isTold ? AdmissionText.closed(person) : nil)
            return true
        }
        let (delivery, platform) = (services.delivery, event.conversation.platform)
        let isAwaited = delivery.awaitsAnswer(at: event.replyAddress, on: platform)
        let draft = AdmissionDraft(
            event: entry.id, person: person, name: DisplayName.cleaned(event.speaker.name),
            address: delivery.address(of: event.conversation) ?? event.replyAddress, at: services.time.now)
        let outcome = try await services.patiently { () async throws(StoreError) in
            try await services.store.ask(draft, rules: AdmissionRules()) { reply in
                guard isTold || isAwaited else { return [] }
                return delivery.render(AdmissionText.reply(reply, to: person), for: platform)
            }
        }
        guard let outcome else { return true }
        if outcome.reply == .letIn {
            // The decision is stored, and its word may not have come around yet.
            try await services.access.load()
            return false
        }
        delivery.enqueue(outcome.rows)
        if outcome.reply == .asked {
            services.logger.info("a stranger asks to be let in", metadata: ["access.entry": "\(person)"])
            await announce()
        }
        return true
    }

    /// Tells those who decide of requests that they were not told of, as many as may be told now. What fails is told with the next one.
    func announce() async {
        do throws(StoreError) {
            let now = services.time.now
            let open = try await services.store.openAdmissions(AdmissionRules(), at: now).filter { !$0.isTold }
            if open.isEmpty { return }
            let places = try await places()
            // Whoever decides has no private chat yet: they are told once they have.
            if places.isEmpty { return }
            for request in open {
                let notices = places.map { place in
                    AdmissionNotice(
                        chunks: services.delivery.render(AdmissionText.question(request), for: place.key.platform)
                            .adding(AdmissionText.buttons(request.id)),
                        conversation: place.key, address: place.address)
                }
                let rows = try await services.store.announce(
                    request.id, notices, limit: Self.mostAnHour, since: now - Self.hour, at: now)
                guard let rows else { return }
                services.delivery.enqueue(rows)
            }
        } catch {
            services.logger.warning("those who decide were not told of a stranger", metadata: ["error": "\(error)"])
        }
    }

    /// Where those can be written to who decide.
    private func places() async throws(StoreError) -> [(key: ConversationKey, address: ReplyAddress)] {
        var places: [(key: ConversationKey, address: ReplyAddress)] = []
        for entry in services.access.deciders {
            if let place = try await services.privatePlace(of: entry) { places.append(place) }
        }
        return places
    }

    private func end(_ entry: InboxEntry, saying line: String?) async throws(StoreError) {
        guard let line else { return try await services.end(entry, orSay: Rights.stranger) }
        try await services.answer(entry, line)
    }
}

extension InboundEvent {
    /// Whether it can be answered once its person is let in.
    fileprivate var canWaitForAdmission: Bool {
        switch body {
        case .message, .command, .unreadable: true
        default: false
        }
    }
}

extension ConversationServices {
    /// Where a person can be written to in private; nil where that is not known.
    func privatePlace(of entry: String) async throws(StoreError) -> (key: ConversationKey, address: ReplyAddress)? {
        try await delivery.privatePlace(of: entry, store)
    }
}
