import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `AdmissionStore`.
    package static let admissions: [Behaviour] = [
        Behaviour("makes a stranger's message a request, once a person", asks),
        Behaviour("keeps the newest message, and a command only where there is none", keepsTheNewest),
        Behaviour("keeps no more requests than it may", bounds),
        Behaviour("lets requests lapse, and forgets decisions", lapses),
        Behaviour("tells of a request once, and of no more than it may", announces),
        Behaviour("lets somebody in and stores what they had said once more", allows),
        Behaviour("denies somebody and lets them know", denies),
        Behaviour("blocks somebody", blocks),
        Behaviour("carries a decision out once, and tells who comes later", decidesOnce),
        Behaviour("decides by entry, whether somebody has asked or not", decidesByEntry),
        Behaviour("never changes an owner", keepsOwners),
        Behaviour("asks about nobody who was let in meanwhile", leavesWhoIsLetIn),
    ]

    private static let rules = AdmissionRules()

    private static func stranger(_ person: String) -> ConversationKey {
        ConversationKey(platform: .telegram, account: "42", chat: person)
    }

    @discardableResult
    private static func ask(
        _ text: String, by person: String = "77", in store: any Store, at seconds: Int = 0,
        body: InboundEvent.Body? = nil, rules: AdmissionRules = rules
    ) async throws -> AdmissionReply? {
        let event = StoreSamples.event(
            "\(person) \(text) \(seconds)", in: stranger(person), text: text, at: seconds, body: body)
        let entry = try #require(try await store.accept([event], cursor: nil).first)
        let outcome = try await store.ask(
            AdmissionDraft(
                event: entry.id, person: "telegram:\(person)", name: "Ann", address: ReplyAddress(rawValue: "later"),
                at: StoreSamples.at(seconds)), rules: rules, answer: { [RenderedChunk(text: "\($0)")] })
        #expect(outcome.map { $0.rows.compactMap(\.payload?.text) == ["\($0.reply)"] } ?? true)
        #expect(try await !store.unfinished(after: nil, limit: 9).contains { $0.id == entry.id })
        return outcome?.reply
    }

    private static func open(_ store: any Store, at seconds: Int = 0) async throws -> [AdmissionRequest] {
        try await store.openAdmissions(rules, at: StoreSamples.at(seconds))
    }

    private static func words(_ event: InboundEvent?) -> String? {
        switch event?.body {
        case .message(let message): message.text
        case .command(let name, _): "/\(name)"
        default: nil
        }
    }

    private static func decide(
        _ verdict: AdmissionVerdict, _ subject: AccessDecision.Subject, in store: any Store, at seconds: Int = 5,
        as role: AccessRole = .member, id: String = "press"
    ) async throws -> DecisionOutcome {
        let press = StoreSamples.event(id, at: seconds)
        let entry = try #require(try await store.accept([press], cursor: nil).first)
        return try await decide(verdict, subject, in: store, at: seconds, as: role, event: entry.id)
    }

    private static func decide(
        _ verdict: AdmissionVerdict, _ subject: AccessDecision.Subject, in store: any Store, at seconds: Int,
        as role: AccessRole = .member, event: InboxID
    ) async throws -> DecisionOutcome {
        try await store.decide(
            AccessDecision(
                verdict, subject, as: role, by: "telegram:1", event: event, at: StoreSamples.at(seconds)),
            rules: rules, answer: { _ in [RenderedChunk(text: "done")] },
            refusal: { [RenderedChunk(text: "no, on \($0)")] })
    }

    @Sendable private static func asks(_ store: any Store) async throws {
        #expect(try await ask("hello", in: store) == .asked)
        #expect(try await ask("hello?", in: store, at: 1) == .waiting)
        #expect(try await ask("me too", by: "78", in: store, at: 2) == .asked)
        let requests = try await open(store)
        #expect(requests.map(\.entry) == ["telegram:77", "telegram:78"])
        #expect(requests.map(\.state) == [.asked, .asked])
        #expect(requests.map(\.askedAt) == [StoreSamples.at(0), StoreSamples.at(2)])
        #expect(requests.allSatisfy { $0.name == "Ann" && !$0.isTold && $0.decidedBy == nil })
        #expect(requests[0].event?.replyAddress == ReplyAddress(rawValue: "later"))
        #expect(try await store.admission(requests[1].id, rules, at: StoreSamples.start) == requests[1])
        let again = try await store.ask(
            AdmissionDraft(
                event: InboxID(999_999), person: "telegram:79", name: "", address: ReplyAddress(rawValue: ""),
                at: StoreSamples.start), rules: rules, answer: { _ in [] })
        #expect(again == nil)
        #expect(try await open(store).count == 2)
    }

    @Sendable private static func keepsTheNewest(_ store: any Store) async throws {
        func said() async throws -> String? { words(try await open(store).first?.event) }
        try await ask("", in: store, body: .command(name: "start", arguments: ""))
        #expect(try await said() == "/start")
        try await ask("", in: store, at: 1, body: .command(name: "help", arguments: ""))
        #expect(try await said() == "/help")
        try await ask("one", in: store, at: 2)
        try await ask("two", in: store, at: 3)
        #expect(try await said() == "two")
        try await ask("", in: store, at: 4, body: .command(name: "start", arguments: ""))
        #expect(try await said() == "two")
    }

    @Sendable private static func bounds(_ store: any Store) async throws {
        var few = rules
        few.mostOpen = 2
        let people = [("1", AdmissionReply.asked), ("2", .asked), ("3", .full), ("1", .waiting)]
        for (second, (person, reply)) in people.enumerated() {
            #expect(try await ask("hi", by: person, in: store, at: second, rules: few) == reply)
        }
        #expect(try await open(store).map(\.entry) == ["telegram:1", "telegram:2"])
        let first = try #require(try await open(store).first)
        _ = try await decide(.deny, .request(first.id), in: store)
        #expect(try await ask("hi again", by: "3", in: store, at: 9, rules: few) == .asked)
    }

    @Sendable private static func lapses(_ store: any Store) async throws {
        let (week, month) = (7 * 86_400, 30 * 86_400)
        try await ask("hi", by: "1", in: store)
        try await ask("hi", by: "2", in: store)
        let requests = try await open(store)
        _ = try await decide(.deny, .request(requests[1].id), in: store)
        #expect(try await open(store, at: week).isEmpty)
        #expect(try await store.admission(requests[0].id, rules, at: StoreSamples.at(week)) == nil)
        #expect(try await store.admission(requests[1].id, rules, at: StoreSamples.at(week))?.state == .denied)
        let late = try await decide(.allow, .request(requests[0].id), in: store, at: week, id: "late")
        #expect(late.effect == .gone)
        #expect(try await ask("again", by: "1", in: store, at: week) == .asked)
        #expect(try await open(store, at: week).first?.id != requests[0].id)
        #expect(try await ask("again", by: "2", in: store, at: week) == .denied)
        #expect(try await ask("again", by: "2", in: store, at: month + 5) == .asked)
        try await store.forgetAdmissions(rules, at: StoreSamples.at(3 * month))
        #expect(try await open(store, at: month + 5).isEmpty)
    }

    @Sendable private static func announces(_ store: any Store) async throws {
        for person in ["1", "2", "3"] { try await ask("hi", by: person, in: store) }
        let requests = try await open(store)
        func tell(_ request: AdmissionRequest, at seconds: Int) async throws -> [String]? {
            let notice = AdmissionNotice(
                chunks: [RenderedChunk(text: request.entry, buttons: [])], conversation: StoreSamples.chat,
                address: StoreSamples.address(of: StoreSamples.chat))
            return try await store.announce(
                request.id, [notice], limit: 2, since: StoreSamples.at(seconds - 3600), at: StoreSamples.at(seconds)
            )?.compactMap(\.payload?.text)
        }
        #expect(try await tell(requests[0], at: 1) == ["telegram:1"])
        #expect(try await tell(requests[0], at: 2) == [])
        #expect(try await tell(requests[1], at: 3) == ["telegram:2"])
        #expect(try await tell(requests[2], at: 4) == nil)
        #expect(try await open(store).map(\.isTold) == [true, true, false])
        #expect(try await tell(requests[2], at: 3601) == ["telegram:3"])
    }

    @Sendable private static func allows(_ store: any Store) async throws {
        try await ask("what is a heron?", in: store)
        let request = try #require(try await open(store).first)
        let outcome = try await decide(.allow, .request(request.id), in: store)
        #expect(
            outcome.effect
                == .done(.init(entry: "telegram:77", name: "Ann", before: nil, now: .member, hadAsked: true)))
        #expect(outcome.rows.compactMap(\.payload?.text) == ["done"])
        let admitted = try #require(outcome.admitted)
        #expect(words(admitted.event) == "what is a heron?")
        #expect(admitted.event.conversation == stranger("77"))
        #expect(admitted.event.receivedAt == StoreSamples.at(5))
        #expect(try await store.unfinished(after: nil, limit: 9) == [admitted])
        let grant = AccessGrant(
            entry: "telegram:77", role: .member, name: "Ann", grantedBy: "telegram:1", grantedAt: StoreSamples.at(5))
        #expect(try await store.grants() == [grant])
        #expect(try await open(store).isEmpty)
        #expect(try await store.admission(request.id, rules, at: StoreSamples.at(9))?.decidedBy == "telegram:1")
    }

    @Sendable private static func denies(_ store: any Store) async throws {
        try await ask("hi", in: store)
        let request = try #require(try await open(store).first)
        let outcome = try await decide(.deny, .request(request.id), in: store)
        #expect(outcome.admitted == nil)
        #expect(outcome.rows.compactMap(\.payload?.text) == ["done", "no, on telegram"])
        #expect(outcome.rows.map(\.conversation) == [StoreSamples.chat, stranger("77")])
        #expect(outcome.rows.last?.address == ReplyAddress(rawValue: "later"))
        #expect(try await store.grants().isEmpty)
        #expect(try await ask("please", in: store, at: 9) == .denied)
    }

    @Sendable private static func blocks(_ store: any Store) async throws {
        try await ask("hi", in: store)
        let request = try #require(try await open(store).first)
        let outcome = try await decide(.block, .request(request.id), in: store)
        #expect(outcome.rows.compactMap(\.payload?.text) == ["done"])
        #expect(try await store.grants().map(\.role) == [.blocked])
        let allowed = try await decide(.allow, .entry("telegram:77", name: ""), in: store, id: "again")
        #expect(
            allowed.effect
                == .done(.init(entry: "telegram:77", name: "Ann", before: .blocked, now: .member, hadAsked: false)))
        #expect(allowed.admitted == nil)
    }

    @Sendable private static func decidesOnce(_ store: any Store) async throws {
        try await ask("hi", in: store)
        let request = try #require(try await open(store).first)
        let press = try #require(
            try await store.accept([StoreSamples.event("press", at: 5)], cursor: nil).first)
        let first = try await decide(.allow, .request(request.id), in: store, at: 5, event: press.id)
        #expect(first.admitted != nil)
        let again = try await decide(.allow, .request(request.id), in: store, at: 6, event: press.id)
        #expect(again == DecisionOutcome(effect: nil))
        let other = try await decide(.block, .request(request.id), in: store, id: "other")
        guard case .decidedBefore(let known)? = other.effect else {
            Issue.record("the second decision counts")
            return
        }
        #expect(known.state == .allowed)
        #expect(known.decidedBy == "telegram:1")
        #expect(other.rows.compactMap(\.payload?.text) == ["done"])
        #expect(try await store.grants().map(\.role) == [.member])
        #expect(try await store.unfinished(after: nil, limit: 9).map(\.id) == [first.admitted?.id])
        #expect(try await decide(.allow, .request(AdmissionID(987_654)), in: store, id: "none").effect == .gone)
    }

    @Sendable private static func decidesByEntry(_ store: any Store) async throws {
        try await ask("hi", in: store)
        let asked = try await decide(.allow, .entry("telegram:77", name: ""), in: store, as: .admin)
        #expect(words(asked.admitted?.event) == "hi")
        #expect(try await store.grants().map(\.role) == [.admin])
        // Being let in takes nothing away.
        _ = try await decide(.allow, .entry("telegram:77", name: "Annie"), in: store, id: "2")
        #expect(try await store.grants().map(\.role) == [.admin])
        let denied = try await decide(.deny, .entry("telegram:77", name: ""), in: store, id: "3")
        #expect(
            denied.effect == .done(.init(entry: "telegram:77", name: "Ann", before: .admin, now: nil, hadAsked: false)))
        #expect(denied.rows.count == 1)
        #expect(try await ask("hi?", in: store, at: 9) == .denied)
        _ = try await decide(.deny, .entry("telegram:78", name: "Bo"), in: store, id: "4")
        #expect(try await ask("hi?", by: "78", in: store, at: 9) == .denied)
        // A chat asks nobody.
        _ = try await decide(.allow, .entry("telegram:chat:-5", name: "Us"), in: store, id: "5")
        #expect(try await store.grants().map(\.entry) == ["telegram:chat:-5"])
        _ = try await decide(.deny, .entry("telegram:chat:-5", name: "Us"), in: store, id: "6")
        #expect(try await store.grants().isEmpty)
    }

    @Sendable private static func leavesWhoIsLetIn(_ store: any Store) async throws {
        try await ask("hi", in: store)
        let request = try #require(try await open(store).first)
        let admitted = try await decide(.allow, .request(request.id), in: store).admitted
        let entry = try #require(
            try await store.accept([StoreSamples.event("e9", in: stranger("77"), at: 9)], cursor: nil).first)
        let outcome = try await store.ask(
            AdmissionDraft(
                event: entry.id, person: "telegram:77", name: "Ann", address: ReplyAddress(rawValue: "later"),
                at: StoreSamples.at(9)), rules: rules, answer: { _ in [RenderedChunk(text: "no")] })
        #expect(outcome?.reply == .letIn)
        #expect(outcome?.rows == [])
        #expect(try await store.unfinished(after: nil, limit: 9).map(\.id) == [admitted?.id, entry.id])
        #expect(try await open(store).isEmpty)
    }

    @Sendable private static func keepsOwners(_ store: any Store) async throws {
        let owner = AccessGrant(
            entry: "telegram:77", role: .owner, name: "Ann", grantedBy: "pairing", grantedAt: StoreSamples.at(1))
        try await ask("hi", in: store)
        try await store.grant(owner)
        for (number, verdict) in [AdmissionVerdict.block, .deny, .allow].enumerated() {
            _ = try await decide(verdict, .entry("telegram:77", name: ""), in: store, id: "\(number)")
        }
        #expect(try await store.grants() == [owner])
    }
}
