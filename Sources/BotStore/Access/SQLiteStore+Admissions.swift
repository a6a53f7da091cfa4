package import BotCore
import GRDB

extension SQLiteStore {
    package func ask(
        _ draft: AdmissionDraft, rules: AdmissionRules,
        answer: @escaping @Sendable (AdmissionReply) -> [RenderedChunk]
    ) async throws(StoreError) -> (reply: AdmissionReply, rows: [OutboxRow])? {
        try await write { [outbox] db -> (reply: AdmissionReply, rows: [OutboxRow])? in
            guard let pending = try Inbox.pending(draft.event, db) else { return nil }
            let event = try pending.event()
            if try Self.role(of: draft.person, db)?.letsIn == true { return (.letIn, []) }
            try Admissions.clean(rules, at: draft.at, db)
            let reply = try Admissions.add(event.waiting(toAnswerAt: draft.address), of: draft, rules, db)
            try Inbox.end(draft.event, as: .finished, db)
            if let turn = pending.turn { try TurnLog.giveUpIfEmpty(turn, outbox, at: draft.at, db) }
            let rows = try outbox.queue(
                answer(reply), origin: .event(draft.event), in: event.conversation, address: event.replyAddress, db)
            return (reply, rows)
        }
    }

    package func openAdmissions(
        _ rules: AdmissionRules, at now: Timestamp
    ) async throws(StoreError) -> [AdmissionRequest] {
        try await read { db in
            try db.rows(
                "SELECT \(Admissions.columns) FROM admission WHERE state = 'asked' AND askedAt > ? ORDER BY id",
                [(now - rules.openFor).rawValue]
            ).map(Admissions.request)
        }
    }

    package func admission(
        _ id: AdmissionID, _ rules: AdmissionRules, at now: Timestamp
    ) async throws(StoreError) -> AdmissionRequest? {
        try await read { db in
            try Admissions.fetch(id, db).flatMap { $0.isLapsed(rules, at: now) ? nil : $0 }
        }
    }

    package func announce(
        _ id: AdmissionID, _ notices: [AdmissionNotice], limit: Int, since: Timestamp, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow]? {
        try await write { [outbox] db -> [OutboxRow]? in
            let told = try db.number("SELECT count(*) FROM admission WHERE toldAt > ?", [since.rawValue])
            guard told < limit else { return nil }
            try db.run(
                "UPDATE admission SET toldAt = ? WHERE id = ? AND state = 'asked' AND toldAt IS NULL",
                [now.rawValue, id.rawValue])
            guard db.changesCount > 0 else { return [] }
            return try notices.flatMap {
                try outbox.queueNotice($0.chunks, in: $0.conversation, address: $0.address, db)
            }
        }
    }

    package func decide(
        _ decision: AccessDecision, rules: AdmissionRules,
        answer: @escaping @Sendable (DecisionEffect) -> [RenderedChunk],
        refusal: @escaping @Sendable (Platform) -> [RenderedChunk]
    ) async throws(StoreError) -> DecisionOutcome {
        try await write { [outbox] db in
            guard let pending = try Inbox.pending(decision.event, db) else { return DecisionOutcome(effect: nil) }
            let deciding = try pending.event()
            try Admissions.clean(rules, at: decision.at, db)
            let request = try Self.request(decision.subject, db)
            let effect = try Self.effect(of: decision, on: request, db)
            try Inbox.end(decision.event, as: .finished, db)
            var rows = try outbox.queue(
                answer(effect), origin: .event(decision.event), in: deciding.conversation,
                address: deciding.replyAddress, db)
            guard case .done(let decided) = effect, decided.hadAsked, let request else {
                return DecisionOutcome(effect: effect, rows: rows)
            }
            var admitted: InboxEntry?
            if decision.verdict == .allow { admitted = try Admissions.admit(request, at: decision.at, db) }
            if decision.verdict == .deny, let event = request.event {
                rows += try outbox.queueNotice(
                    refusal(event.conversation.platform), in: event.conversation, address: event.replyAddress, db)
            }
            return DecisionOutcome(effect: effect, rows: rows, admitted: admitted)
        }
    }

    package func forgetAdmissions(_ rules: AdmissionRules, at now: Timestamp) async throws(StoreError) {
        try await write { db in try Admissions.clean(rules, at: now, db) }
    }

    private static func role(of entry: String, _ db: Database) throws -> AccessRole? {
        try db.row("SELECT role FROM accessGrant WHERE entry = ?", [entry]).flatMap { AccessRole(rawValue: $0[0]) }
    }

    private static func request(_ subject: AccessDecision.Subject, _ db: Database) throws -> AdmissionRequest? {
        switch subject {
        case .request(let id): try Admissions.fetch(id, db)
        case .entry(let entry, name: _): try Admissions.fetch(of: entry, db)
        }
    }

    private static func effect(
        of decision: AccessDecision, on request: AdmissionRequest?, _ db: Database
    ) throws -> DecisionEffect {
        let (entry, name): (String, String)
        switch decision.subject {
        case .request:
            guard let request else { return .gone }
            if request.state != .asked { return .decidedBefore(request) }
            (entry, name) = (request.entry, request.name)
        case .entry(let known, let given):
            (entry, name) = (known, given.isEmpty ? request?.name ?? "" : given)
        }
        let row = try db.row("SELECT role, name FROM accessGrant WHERE entry = ?", [entry])
        let before = row.flatMap { AccessRole(rawValue: $0[0]) }
        let shown = name.isEmpty ? row.map { $0[1] } ?? "" : name
        let now = decision.role(after: before)
        if now != before {
            if let now {
                try store(
                    AccessGrant(
                        entry: entry, role: now, name: shown, grantedBy: decision.decidedBy, grantedAt: decision.at), db
                )
            } else {
                try db.run("DELETE FROM accessGrant WHERE entry = ?", [entry])
            }
        }
        let hadAsked = request?.state == .asked
        if let request {
            try Admissions.decide(request.id, as: decision.verdict.state, by: decision.decidedBy, at: decision.at, db)
        } else if decision.verdict == .deny, now == nil, decision.isAboutPerson {
            // So that their next message asks nobody.
            try db.run(
                """
                INSERT INTO admission (entry, name, state, askedAt, decidedBy, decidedAt)
                VALUES (?, ?, 'denied', ?, ?, ?)
                """, [entry, shown, decision.at.rawValue, decision.decidedBy, decision.at.rawValue])
        }
        return .done(
            DecisionEffect.Decided(entry: entry, name: shown, before: before, now: now, hadAsked: hadAsked))
    }
}
