import BotCore
import BotSessions
import GRDB
import StoreWorkload

@testable import BotStore

/// Compares a database with what its store has acknowledged.
struct CrashAudit {
    let store: SQLiteStore
    let ledger: Ledger

    /// What is lost, repeated, out of order, miscounted or damaged.
    func problems() async throws -> [String] {
        var problems = try await damages()
        var totals = (messages: 0, tokens: 0)
        for chat in 0..<ledger.workload.chats {
            guard let session = try await store.session(of: StoreWorkload.key(of: chat)) else {
                let lost = ledger.messages.keys.filter { $0.chat == chat }
                if !lost.isEmpty { problems.append("chat \(chat) has no session, and had \(lost.count) messages") }
                continue
            }
            let open = try await openTurns(of: session)
            if open > (ledger.workload.deed(ledger.next[chat], in: chat).hasTurn ? 1 : 0) {
                problems.append("chat \(chat) has \(open) open turns")
            }
            problems += try await logProblems(of: session, in: chat).map { "chat \(chat): \($0)" }
            problems += try await contextProblems(of: session).map { "chat \(chat): \($0)" }
            problems += viewProblems(of: session, in: chat).map { "chat \(chat): \($0)" }
            totals.messages += session.messageCount
            totals.tokens += session.totalTokens
        }
        let statistics = try await store.statistics()
        if statistics.totalMessages != totals.messages || statistics.totalTokens != totals.tokens {
            problems.append("the totals are \(statistics), and a recount gives \(totals)")
        }
        problems += try await inboxProblems()
        problems += try await store.audit(limit: 20).map { "the library's own audit: \($0)" }
        return problems
    }

    private func damages() async throws -> [String] {
        try await store.pool.read { db in
            let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check")
            let foreign = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
            return integrity.filter { $0 != "ok" } + foreign.map { "a foreign key points nowhere: \($0)" }
        }
    }

    // MARK: - The log

    private struct Entry: Sendable {
        let seq: Int64
        let role: String
        let text: String
        let tokens: Int
    }

    private func logProblems(of session: Session, in chat: Int) async throws -> [String] {
        let log = try await store.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT seq, role, text, tokens FROM message WHERE sessionID = ? ORDER BY id",
                arguments: [session.id.rawValue]
            ).map { Entry(seq: $0[0], role: $0[1], text: $0[2], tokens: $0[3]) }
        }
        var problems: [String] = []
        if log.map(\.seq) != Array(1..<(session.headSeq + 1)) {
            problems.append("its messages are \(log.map(\.seq)), and its head is \(session.headSeq)")
        }
        var places: [Deed.Place: Int64] = [:]
        var last: Deed.Place?
        for entry in log {
            guard let place = Deed.Place(of: entry.text), place.chat == chat else {
                problems.append("message \(entry.seq) is nobody's")
                continue
            }
            if let known = places.updateValue(entry.seq, forKey: place) {
                problems.append("\(place) stands twice, as \(known) and as \(entry.seq)")
            }
            if let last, place < last { problems.append("\(place) comes after \(last)") }
            last = place
            if place.deed > ledger.next[chat] { problems.append("\(place) was not yet to be done") }
            let deed = ledger.workload.deed(place.deed, in: chat)
            if !deed.roles.indices.contains(place.part) || entry.text != deed.text(place.part)
                || entry.role != deed.roles[place.part].rawValue || entry.tokens != WordCounter().count(entry.text)
            {
                problems.append("\(place) is not what was said")
            }
        }
        for (place, seq) in ledger.messages where place.chat == chat && places[place] != seq {
            problems.append("\(place) was acknowledged as \(seq) and is \(places[place].map { "\($0)" } ?? "lost")")
        }
        // The messages of what is done are all there, acknowledged one by one or not.
        for number in 0..<ledger.next[chat] {
            let deed = ledger.workload.deed(number, in: chat)
            for part in deed.roles.indices
            where !deed.maySayNothing
                && places[Deed.Place(chat: chat, deed: number, part: part)] == nil
            {
                problems.append("deed \(number) is done, and its message \(part) is lost")
            }
        }
        return problems
    }

    // MARK: - What is derived from it

    private func contextProblems(of session: Session) async throws -> [String] {
        var problems: [String] = []
        let live = try await store.newestMessages(of: session.id, limit: 1_000_000)
        let shown = try await store.messages(of: session.id, after: 0, limit: 1_000_000, maxBytes: .max)
        for (what, messages, counted) in [
            ("live", live, (session.coverage.liveMessages, session.coverage.liveTokens)),
            ("shown", shown, (session.messageCount, session.totalTokens)),
        ] {
            let recount = (messages.count, messages.reduce(0) { $0 + $1.tokens })
            if counted != recount { problems.append("it counts \(counted) \(what), and a recount gives \(recount)") }
        }
        guard let context = try await StoreWorkload.sessions(over: store).buildContext(session.id) else {
            return problems + ["there is no context"]
        }
        if let problem = ContextCheck.problem(context, limit: session.tokenLimit, counter: WordCounter()) {
            problems.append("its context cannot be sent: \(problem)")
        }
        if live.last?.role == .user, context.messages.last?.role != .user {
            problems.append("its context does not end with the question")
        }
        return problems
    }

    private func viewProblems(of session: Session, in chat: Int) -> [String] {
        guard let view = ledger.views[chat], view != View(session) else { return [] }
        // What is under way may be done, and nobody has heard of it.
        if ledger.workload.deed(ledger.next[chat], in: chat).changesView { return [] }
        // A summary that is made again covers more than it did, and that may be what nobody has heard of.
        if ledger.again[chat].contains(where: { ledger.workload.deed($0, in: chat).kind == .summarised }) { return [] }
        return ["a change is lost: it was \(view), and is \(View(session))"]
    }

    // MARK: - Events and turns

    private func openTurns(of session: Session) async throws -> Int {
        try await store.pool.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM turn WHERE sessionID = ? AND status IN ('running', 'parked')",
                arguments: [session.id.rawValue]) ?? 0
        }
    }

    private func inboxProblems() async throws -> [String] {
        let states = try await store.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT externalID, state FROM inbox").map {
                (event: $0[0] as String, state: $0[1] as String)
            }
        }
        var problems: [String] = []
        let known = Dictionary(states.map { ($0.event, $0.state) }) { first, _ in first }
        if known.count != states.count { problems.append("an event is in the inbox twice") }
        for (chat, deeds) in ledger.accepted.enumerated() {
            for deed in deeds {
                let state = known["\(chat)/d\(deed)"]
                if state == nil { problems.append("the event of deed \(deed) of chat \(chat) is lost") }
                if state == "pending", deed < ledger.next[chat] {
                    problems.append("deed \(deed) of chat \(chat) is done, and its event is not")
                }
            }
        }
        return problems
    }
}
