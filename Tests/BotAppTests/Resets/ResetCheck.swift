import BotCore
import BotSessions
import BotStore
import BotTestSupport
import Foundation

/// Compares what a chat shows, and what was sent there, with what was said since its last reset.
struct ResetCheck {
    private let world: ResetWorld
    private let chat: String
    private let facts: Journal.Facts
    /// Whether messages may stay without an answer though no command of the chat came after them.
    private let mayDrop: Bool

    init(_ world: ResetWorld, chat: String, mayDrop: Bool) {
        self.world = world
        self.chat = chat
        self.mayDrop = mayDrop
        facts = world.journal.facts
    }

    /// The words that only one message holds, and its answer.
    private static func tokens(_ text: String) -> Set<String> {
        Set(text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.map(String.init).filter(isToken))
    }

    private static func isToken(_ word: String) -> Bool {
        word.hasPrefix("k") && word.dropFirst().first?.isNumber == true && word.contains("x")
    }

    func problems() async throws -> [String] {
        guard let session = try await world.base.session(of: ResetWorld.key(chat)) else {
            return ["chat \(chat) has no session"]
        }
        let (expected, found) = replay(session)
        var problems = found + misplaced(session) + answers() + sends()
        if expected.floor != session.floorSeq {
            problems.append("the floor is \(session.floorSeq) and not \(expected.floor)")
        }
        let log = facts.said[chat]?[session.id] ?? [:]
        let isDead = { (seq: Int64) in seq <= expected.floor || expected.hidden.contains(seq) }
        // An answer's word is its question's.
        var dead = Set(log.filter { isDead($0.key) && $0.value.isQuestion }.flatMap { Self.tokens($0.value.text) })
        for (id, messages) in facts.said[chat] ?? [:] where id != session.id {
            dead.formUnion(messages.values.flatMap { Self.tokens($0.text) })
        }
        for (place, text) in try await shown(session) {
            for token in Self.tokens(text).intersection(dead) { problems.append("\(place) holds \(token)") }
        }
        for token in dead.sorted() {
            let hits = try await world.sessions.search(token, in: session.id, limit: 5)
            if !hits.isEmpty { problems.append("a search finds \(token)") }
        }
        if try await world.sessions.getSession(session.id) != session { problems.append("the cache is not true") }
        if !facts.wasRetried(in: chat) {
            let kept = Set(log.keys.filter { !isDead($0) })
            let stored = try await world.base.messages(
                of: session.id, after: session.floorSeq, limit: 10_000, maxBytes: 1 << 24)
            if Set(stored.map(\.seq)) != kept { problems.append("messages since the reset are not all shown") }
            if session.messageCount != kept.count { problems.append("messages are counted wrongly") }
        }
        return problems.map { "chat \(chat): \($0)" }
    }

    /// All that the chat shows to people and models.
    private func shown(_ session: Session) async throws -> [(place: String, text: String)] {
        let store = world.base
        var shown = try await store.newestMessages(of: session.id, limit: 1000).map { ("the list", $0.text) }
        shown += try await store.messages(of: session.id, after: session.floorSeq, limit: 10_000, maxBytes: 1 << 24)
            .map { ("the log", $0.text) }
        shown += try await store.checkpoints(of: session.id, limit: 100).map { ("the summary", $0.text) }
        let context = try await world.sessions.buildContext(session.id)
        shown += (context?.messages ?? []).map { ("the context", $0.content) }
        shown += try await world.sessions.search("melon sister", in: session.id, limit: 100)
            .map { ("the search", $0.excerpt) }
        let closing = facts.entries.last { $0.event.conversation.chat == chat }?.message ?? ""
        let asked = world.model.requests.last { $0.words.hasSuffix(closing) }
        if asked == nil { shown.append(("the model was not asked the last question; it", "")) }
        shown += (asked?.messages ?? []).map { ("the last prompt", $0.content) }
        return shown
    }

    // MARK: - The log

    /// Where the floor has to be and which messages have to be hidden, after all that was done to the session.
    private func replay(_ session: Session) -> (expected: (floor: Int64, hidden: Set<Int64>), problems: [String]) {
        let log = facts.said[chat]?[session.id] ?? [:]
        var problems: [String] = []
        var floor: Int64 = 0
        var hidden: Set<Int64> = []
        var resets: [(before: Int64, cleared: Int)] = []
        let changes = facts.changes.filter { $0.session.id == session.id }
            .sorted { $0.session.revision < $1.session.revision }
        for (after, change) in changes {
            switch change {
            case .reset(let summary, let event):
                resets.append((floor, summary.clearedMessages))
                floor = after.headSeq
                guard let event else { continue }
                for entry in facts.entries where entry.event.conversation.chat == chat {
                    guard let text = entry.message, let message = log.values.first(where: { $0.text == text }) else {
                        continue
                    }
                    if entry.id < event, message.seq > floor { problems.append("\(text) came after its reset") }
                    if entry.id > event, message.seq <= floor { problems.append("\(text) went with a reset before it") }
                }
            case .undone(.reset):
                guard let place = resets.lastIndex(where: { $0.cleared > 0 }) else { continue }
                floor = resets[place].before
                resets.removeSubrange(place...)
            case .undone(.exchange(messages: _, let question)):
                let first = log.values.filter {
                    $0.text == question && $0.seq > floor && $0.seq <= after.headSeq && !hidden.contains($0.seq)
                }.map(\.seq).max()
                if let first { hidden.formUnion(first...after.headSeq) }
            case .undone(.nothing): break
            }
        }
        return ((floor, hidden), problems)
    }

    /// Messages from before an erasing stand in another session than those after it.
    private func misplaced(_ session: Session) -> [String] {
        var places: [String: SessionID] = [:]
        for (id, messages) in facts.said[chat] ?? [:] {
            for message in messages.values where message.isQuestion { places[message.text] = id }
        }
        var problems: [String] = []
        for forget in facts.forgets where forget.chat == chat {
            let said = facts.entries.filter { $0.event.conversation.chat == chat && $0.message != nil }
            let before = said.filter { $0.id < forget.event }.compactMap { places[$0.message ?? ""]?.rawValue }
            let after = said.filter { $0.id > forget.event }.compactMap { places[$0.message ?? ""]?.rawValue }
            if let last = before.max(), let first = after.min(), last >= first {
                problems.append("session \(first) outlived an erasing")
            }
        }
        return problems
    }

    // MARK: - The chat

    /// Each message is answered once, or a later command has taken it.
    private func answers() -> [String] {
        let entries = facts.entries.filter { $0.event.conversation.chat == chat }
        let standing = world.transport.base.watch.state.texts(in: chat)
        var problems: [String] = []
        for entry in entries {
            guard let text = entry.message, let token = Self.tokens(text).first else { continue }
            let commits = facts.replies[text]?.count ?? 0
            let isTaken = entries.contains { $0.id > entry.id && $0.clears }
            if commits > 1 { problems.append("\(token) was answered \(commits) times") }
            if commits == 0, !isTaken, !mayDrop { problems.append("\(token) got no answer") }
            if entry.id == entries.last?.id, !standing.contains(Self.answer(token)) {
                problems.append("the answer to \(token) does not stand")
            }
        }
        for text in standing where text.hasPrefix("about ") && !text.hasSuffix(" end") {
            problems.append("\(text) stands unfinished")
        }
        return problems
    }

    private static func answer(_ token: String) -> String { "about \(token) it is said end" }

    /// Once a reset is confirmed, nothing from before it is sent.
    private func sends() -> [String] {
        let requests = world.transport.base.watch.state.requests.filter { $0.chat == chat }
        let wasRestored = facts.changes.contains {
            if case .undone(.reset) = $0.change { $0.session.key?.chat == chat } else { false }
        }
        let entries = facts.entries.filter { $0.event.conversation.chat == chat }
        var problems: [String] = []
        for clearing in entries where clearing.clears {
            guard let name = clearing.commandName, name == "forget" || !wasRestored else { continue }
            let label = "\(name)=\(clearing.id)"
            guard let confirmed = requests.firstIndex(where: { $0.text.hasSuffix(label) }) else {
                // Whoever clears the chat later waits for it, and only an erasing takes its confirmation.
                let isErased = entries.contains { $0.id > clearing.id && $0.commandName == "forget" }
                if !isErased { problems.append("\(label) was not confirmed") }
                continue
            }
            for old in entries where old.id < clearing.id {
                guard let token = Self.tokens(old.message ?? "").first else { continue }
                if requests[confirmed...].contains(where: { $0.text.hasPrefix("about \(token) ") }) {
                    problems.append("\(token) was sent after \(label)")
                }
            }
        }
        return problems
    }

    // MARK: - The whole database

    /// What has to hold of all chats together, when nothing is under way.
    static func problems(of world: ResetWorld) async throws -> [String] {
        var problems = try await world.base.audit(limit: 20).map { "audit: \($0.kind) \($0.description)" }
        let facts = world.journal.facts
        var booked = 0
        for (session, usages) in facts.usages where try await world.base.session(session) != nil { booked += usages }
        try await world.base.scrub()
        let reports = try await world.base.tokenReports(limit: 1_000_000).count
        if reports != booked { problems.append("\(reports) usages are booked instead of \(booked)") }
        return problems
    }

    /// Words of erased chats that are left in the closed database, in rows or in unused parts of its pages.
    static func leftInFiles(path: String, _ world: ResetWorld) throws -> [String] {
        let facts = world.journal.facts
        var erased: Set<String> = []
        for (chat, sessions) in facts.said {
            guard let last = facts.forgets.filter({ $0.chat == chat }).map(\.event).max(),
                let current = sessions.keys.max(by: { $0.rawValue < $1.rawValue })
            else { continue }
            for (id, messages) in sessions where id != current {
                erased.formUnion(messages.values.flatMap { tokens($0.text) })
            }
            for entry in facts.entries where entry.event.conversation.chat == chat && entry.id < last {
                erased.formUnion(tokens(entry.message ?? ""))
            }
        }
        let contents = { (suffix: String) in FileManager.default.contents(atPath: path + suffix) ?? Data() }
        return words(in: contents("") + contents("-wal")).intersection(erased).sorted().map {
            "\($0) is left in the database"
        }
    }

    private static func words(in data: Data) -> Set<String> {
        var words: Set<String> = []
        for part in data.split(whereSeparator: { !(48...57).contains($0) && !(97...122).contains($0) }) {
            let word = String(decoding: part, as: UTF8.self)
            if isToken(word) { words.insert(word) }
        }
        return words
    }
}

extension SessionMessage {
    fileprivate var isQuestion: Bool { !text.hasPrefix("about ") }
}

extension InboxEntry {
    fileprivate var message: String? { if case .message(let message) = event.body { message.text } else { nil } }
    fileprivate var commandName: String? { if case .command(let name, _) = event.body { name } else { nil } }
    fileprivate var clears: Bool { commandName == "reset" || commandName == "forget" }
}

extension Journal.Facts {
    fileprivate func wasRetried(in chat: String) -> Bool {
        entries.contains { $0.event.conversation.chat == chat && $0.commandName == "retry" }
    }
}
