package import BotCore

extension InMemoryStore {
    package func ask(
        _ draft: AdmissionDraft, rules: AdmissionRules,
        answer: @escaping @Sendable (AdmissionReply) -> [RenderedChunk]
    ) async throws(StoreError) -> (reply: AdmissionReply, rows: [OutboxRow])? {
        try transaction { state -> (reply: AdmissionReply, rows: [OutboxRow])? in
            guard let stored = state.events[draft.event], !stored.isFinished else { return nil }
            if state.grants[draft.person]?.role.letsIn == true { return (.letIn, []) }
            state.cleanAdmissions(rules, at: draft.at)
            let event = stored.entry.event.waiting(toAnswerAt: draft.address)
            let reply = state.addAdmission(event, of: draft, rules)
            if let turn = stored.turn { state.giveUpIfEmpty(turn) }
            return (reply, state.answer(draft.event, with: answer(reply)))
        }
    }

    package func openAdmissions(
        _ rules: AdmissionRules, at now: Timestamp
    ) async throws(StoreError) -> [AdmissionRequest] {
        try transaction { state in
            state.admissions.values.map(\.request).filter { $0.state == .asked && !$0.isLapsed(rules, at: now) }
                .sorted { $0.id < $1.id }
        }
    }

    package func admission(
        _ id: AdmissionID, _ rules: AdmissionRules, at now: Timestamp
    ) async throws(StoreError) -> AdmissionRequest? {
        try transaction { $0.admissions[id]?.request }.flatMap { $0.isLapsed(rules, at: now) ? nil : $0 }
    }

    package func announce(
        _ id: AdmissionID, _ notices: [AdmissionNotice], limit: Int, since: Timestamp, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow]? {
        try transaction { state -> [OutboxRow]? in
            let told = state.admissions.values.filter { $0.toldAt.map { $0 > since } ?? false }
            guard told.count < limit else { return nil }
            guard let known = state.admissions[id], known.state == .asked, known.toldAt == nil else { return [] }
            state.admissions[id]?.toldAt = now
            var rows: [OutboxRow] = []
            for notice in notices {
                rows += state.makeRows(notice.chunks, in: notice.conversation, address: notice.address)
            }
            return rows
        }
    }

    package func decide(
        _ decision: AccessDecision, rules: AdmissionRules,
        answer: @escaping @Sendable (DecisionEffect) -> [RenderedChunk],
        refusal: @escaping @Sendable (Platform) -> [RenderedChunk]
    ) async throws(StoreError) -> DecisionOutcome {
        try transaction { state in
            guard state.events[decision.event]?.isFinished == false else { return DecisionOutcome(effect: nil) }
            state.cleanAdmissions(rules, at: decision.at)
            let request = state.admission(decision.subject)
            let effect = state.effect(of: decision, on: request)
            var rows = state.answer(decision.event, with: answer(effect))
            guard case .done(let decided) = effect, decided.hadAsked, let request else {
                return DecisionOutcome(effect: effect, rows: rows)
            }
            let admitted = decision.verdict == .allow ? state.admit(request, at: decision.at) : nil
            if decision.verdict == .deny, let event = request.event {
                rows += state.makeRows(
                    refusal(event.conversation.platform), in: event.conversation, address: event.replyAddress)
            }
            return DecisionOutcome(effect: effect, rows: rows, admitted: admitted)
        }
    }

    package func forgetAdmissions(_ rules: AdmissionRules, at now: Timestamp) async throws(StoreError) {
        try transaction { $0.cleanAdmissions(rules, at: now) }
    }
}

extension InMemoryState {
    mutating func cleanAdmissions(_ rules: AdmissionRules, at now: Timestamp) {
        admissions = admissions.filter { _, known in
            if let decided = known.decidedAt { return now.since(decided) < rules.decidedFor }
            return now.since(known.askedAt) < rules.openFor
        }
    }

    func admission(_ subject: AccessDecision.Subject) -> AdmissionRequest? {
        switch subject {
        case .request(let id): admissions[id]?.request
        case .entry(let entry, name: _): admissions.values.first { $0.entry == entry }?.request
        }
    }

    fileprivate mutating func addAdmission(
        _ event: InboundEvent, of draft: AdmissionDraft, _ rules: AdmissionRules
    ) -> AdmissionReply {
        if let known = admissions.values.first(where: { $0.entry == draft.person }) {
            switch known.state {
            case .asked:
                if let earlier = known.event, event.isWorthMore(than: earlier) { admissions[known.id]?.event = event }
                return .waiting
            case .denied, .blocked: return .denied
            case .allowed: admissions[known.id] = nil
            }
        }
        guard admissions.values.filter({ $0.state == .asked }).count < rules.mostOpen else { return .full }
        let id: AdmissionID = nextID()
        admissions[id] = StoredAdmission(
            id: id, entry: draft.person, name: draft.name, askedAt: draft.at, event: event)
        return .asked
    }

    fileprivate mutating func settle(
        _ id: AdmissionID, as state: AdmissionState, by decidedBy: String, at now: Timestamp
    ) {
        admissions[id]?.state = state
        admissions[id]?.decidedBy = decidedBy
        admissions[id]?.decidedAt = now
        admissions[id]?.event = nil
    }

    fileprivate mutating func effect(
        of decision: AccessDecision, on request: AdmissionRequest?
    ) -> DecisionEffect {
        let (entry, name): (String, String)
        switch decision.subject {
        case .request:
            guard let request else { return .gone }
            if request.state != .asked { return .decidedBefore(request) }
            (entry, name) = (request.entry, request.name)
        case .entry(let known, let given):
            (entry, name) = (known, given.isEmpty ? request?.name ?? "" : given)
        }
        let shown = name.isEmpty ? grants[entry]?.name ?? "" : name
        let before = grants[entry]?.role
        let now = decision.role(after: before)
        if now != before {
            grants[entry] = now.map {
                AccessGrant(
                    entry: entry, role: $0, name: shown, grantedBy: decision.decidedBy, grantedAt: decision.at)
            }
        }
        if let request {
            settle(request.id, as: decision.verdict.state, by: decision.decidedBy, at: decision.at)
        } else if decision.verdict == .deny, now == nil, decision.isAboutPerson {
            let id: AdmissionID = nextID()
            admissions[id] = StoredAdmission(
                id: id, entry: entry, name: shown, state: .denied, askedAt: decision.at,
                decidedBy: decision.decidedBy, decidedAt: decision.at)
        }
        return .done(
            DecisionEffect.Decided(
                entry: entry, name: shown, before: before, now: now, hadAsked: request?.state == .asked))
    }

    /// Ends the request of somebody who is let in by a code; returns it if there is a message to be answered.
    mutating func closeAdmission(of person: String, by decidedBy: String, at now: Timestamp) -> AdmissionRequest? {
        guard let known = admissions.values.first(where: { $0.entry == person })?.request, known.state != .allowed
        else { return nil }
        settle(known.id, as: .allowed, by: decidedBy, at: now)
        if case .command = known.event?.body { return nil }
        return known.state == .asked ? known : nil
    }

    mutating func admit(_ request: AdmissionRequest, at now: Timestamp) -> InboxEntry? {
        guard let event = request.event?.admitted(by: request.id, at: now) else { return nil }
        let name = "\(event.conversation.platform)/\(event.conversation.account)/\(event.externalID)"
        guard seen[name] == nil else { return nil }
        let entry = InboxEntry(id: nextID(), event: event)
        seen[name] = entry.id
        events[entry.id] = StoredEvent(entry: entry)
        return entry
    }
}
