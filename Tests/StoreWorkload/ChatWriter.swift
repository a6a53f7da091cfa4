import BotCore
import BotSessions

/// Does the deeds of one chat, one after the other.
struct ChatWriter: Sendable {
    /// Why a chat cannot go on.
    private struct Stuck: Error { let reason: String }

    /// A step that fails so often fails for ever.
    private static let tries = 5000

    let workload: StoreWorkload
    let chat: Int
    let store: any Store
    let sessions: SessionManager
    let acknowledge: @Sendable (Acknowledgement) -> Void
    private let time = SystemTime()

    init(
        workload: StoreWorkload, chat: Int, store: any Store, sessions: SessionManager,
        acknowledge: @escaping @Sendable (Acknowledgement) -> Void
    ) {
        self.workload = workload
        self.chat = chat
        self.store = store
        self.sessions = sessions
        self.acknowledge = acknowledge
    }

    private var key: ConversationKey { StoreWorkload.key(of: chat) }

    private var session: SessionDraft {
        SessionDraft(
            conversation: .key(key), interfaceType: "telegram", externalUserID: "\(chat)", externalChatID: "\(chat)",
            tokenLimit: 400, expiresAfter: .seconds(86_400))
    }

    func run(from first: Int, to end: Int) async {
        for number in first..<max(first, end) {
            do {
                try await perform(workload.deed(number, in: chat))
            } catch {
                let reason = (error as? Stuck)?.reason ?? "\(error)"
                return acknowledge(.problem("chat \(chat) is stuck at deed \(number): \(reason)"))
            }
            acknowledge(.done(chat: chat, deed: number))
        }
    }

    private func perform(_ deed: Deed) async throws {
        switch deed.kind {
        case .appended: return try await append(deed)
        case .summarised: return try await summarise(deed)
        case .exchange, .unanswered, .reset, .undone, .retried, .unsummarised, .noted: break
        }
        guard let event = try await accept(deed) else {
            // An earlier life has done it without hearing of it.
            if deed.changesView { try await tellView() }
            return
        }
        switch deed.kind {
        case .exchange, .unanswered, .retried: try await turn(deed, event)
        case .reset, .undone, .unsummarised: try await changeView(deed, event)
        case .noted: try await note(deed, event)
        case .appended, .summarised: break
        }
    }

    /// Repeats a step until the store takes it.
    private func step<Value>(_ work: () async throws(StoreError) -> Value) async throws -> Value {
        for _ in 0..<Self.tries {
            do throws(StoreError) {
                return try await work()
            } catch {
                // Others get on with their work meanwhile, and a disk that is full may have room again.
                if !error.canHeal { throw Stuck(reason: "\(error)") }
                try await time.sleep(for: .milliseconds(1))
            }
        }
        throw Stuck(reason: "a step fails for ever")
    }

    // MARK: - The steps of a deed

    /// Puts the deed's event into the inbox; nil when it was there and is finished.
    private func accept(_ deed: Deed) async throws -> InboxID? {
        let event = InboundEvent(
            externalID: "\(chat)/\(deed.externalID)", conversation: key, scope: .direct, isAddressed: true,
            speaker: Speaker(id: "\(chat)", name: "Ann"), receivedAt: time.now,
            replyAddress: ReplyAddress(rawValue: "\(chat)"), body: .message(InboundMessage(text: deed.text(0))))
        let cursor = Cursor(name: "chat/\(chat)", value: "\(deed.number)")
        let new = try await step { () async throws(StoreError) in try await store.accept([event], cursor: cursor) }
        acknowledge(.accepted(chat: chat, deed: deed.number))
        if let entry = new.first { return entry.id }
        var last: InboxID?
        while true {
            let page = try await step { () async throws(StoreError) in
                try await store.unfinished(after: last, limit: 100)
            }
            if let entry = page.first(where: { $0.event.externalID == event.externalID }) { return entry.id }
            guard let end = page.last?.id else { return nil }
            last = end
        }
    }

    private func turn(_ deed: Deed, _ event: InboxID) async throws {
        let address = ReplyAddress(rawValue: "\(chat)")
        let attempts = 1_000_000
        let start = try await step { () async throws(StoreError) in
            if deed.kind == .retried {
                try await sessions.beginAgain(
                    events: [event], in: session, replyTo: address, attempts: attempts, apology: [])
            } else {
                try await sessions.beginTurn(
                    events: [event], in: session, text: deed.text(0), speaker: nil, externalID: deed.externalID,
                    replyTo: address, attempts: attempts, apology: [])
            }
        }
        if start == .nothingToRetry { return try await finish(event) }
        // Nobody else writes in this chat: what was not finished can be begun.
        guard case .started(let turn) = start else { throw Stuck(reason: "its turn began as \(start)") }
        if deed.kind != .retried { acknowledge(.message(place(deed, 0), seq: turn.message.seq)) }
        try await check(turn.session.id)
        try await openMessages(of: turn, deed)
        let answer = deed.roles.lastIndex(of: .assistant).map { (part: $0, text: deed.text($0)) }
        let chunks =
            answer.map { [RenderedChunk(text: $0.text), RenderedChunk(text: "end")].prefix(deed.chunks) } ?? []
        let commit = try await step { () async throws(StoreError) in
            try await sessions.commitTurn(
                turn.id, ending: answer == nil ? .failed : .answered, text: answer?.text, model: "test/none",
                usage: nil, chunks: Array(chunks))
        }
        guard case .committed(let session, let appended, let rows) = commit else {
            throw Stuck(reason: "its turn was superseded")
        }
        if let appended, let answer { acknowledge(.message(place(deed, answer.part), seq: appended.seq)) }
        if deed.changesView { acknowledge(.view(chat: chat, View(session))) }
        for row in rows {
            let isThere = try await step { () async throws(StoreError) in try await store.beginFirstSend(of: row.id) }
            if !isThere { throw Stuck(reason: "a reply is gone") }
            try await step { () async throws(StoreError) in
                try await store.delivered(row.id, as: "m\(row.id)", at: time.now)
            }
        }
    }

    /// Opens further messages of a reply that is being made, as its preview does, and lets every other one stand.
    private func openMessages(of turn: Turn, _ deed: Deed) async throws {
        for chunk in 1..<(1 + deed.openedMessages) {
            let opened = try await step { () async throws(StoreError) in
                try await store.openPart(chunk, of: turn.reply.id)
            }
            guard let opened, opened.turn == turn.id, opened.chunk == chunk, opened.payload == nil else {
                throw Stuck(reason: "message \(chunk) of a reply cannot be opened")
            }
            let again = try await step { () async throws(StoreError) in
                try await store.openPart(chunk, of: turn.reply.id)
            }
            if again?.id != opened.id { throw Stuck(reason: "message \(chunk) of a reply was opened twice") }
            if chunk.isMultiple(of: 2) { continue }
            let isThere = try await step { () async throws(StoreError) in
                try await store.beginFirstSend(of: opened.id)
            }
            if !isThere { throw Stuck(reason: "message \(chunk) of a reply is gone") }
            _ = try await step { () async throws(StoreError) in
                try await store.previewStands(of: opened.id, as: "p\(opened.id)")
            }
        }
    }

    private func append(_ deed: Deed) async throws {
        let id = try await step { () async throws(StoreError) in try await sessions.getOrCreateSession(session).id }
        for (part, role) in deed.roles.enumerated() {
            let text = deed.text(part)
            let draft = MessageDraft(
                role: role, text: text, tokens: WordCounter().count(text), tokenizer: WordCounter().name,
                externalID: "\(deed.externalID)/\(part)")
            let appended = try await step { () async throws(StoreError) in
                try await store.append(draft, to: id, at: time.now)
            }
            guard let appended else { throw Stuck(reason: "its session is gone") }
            if appended.message.text != text { throw Stuck(reason: "another message has its external id") }
            acknowledge(.message(place(deed, part), seq: appended.message.seq))
        }
    }

    private func changeView(_ deed: Deed, _ event: InboxID) async throws {
        let request = CommandRequest(conversation: .key(key), event: event, at: time.now)
        let after = try await step { () async throws(StoreError) -> Session? in
            switch deed.kind {
            case .reset:
                try await sessions.reset(request, stopped: RenderedChunk(text: "stopped"), confirmation: { _ in [] })
                    .session
            case .undone: try await sessions.undo(request, confirmation: { _ in [] }).session
            default: try await sessions.takeBackSummary(request, confirmation: { _ in [] }).session
            }
        }
        guard let after else { return }
        acknowledge(.view(chat: chat, View(after)))
        try await check(after.id)
    }

    private func summarise(_ deed: Deed) async throws {
        let session = try await step { () async throws(StoreError) in try await store.session(of: key) }
        guard let session, session.headSeq > session.coverage.seq else { return try await tellView() }
        let text = "what was said until \(session.headSeq)"
        let draft = CheckpointDraft(
            session: session.id, base: session.coverage.checkpoint, fromSeq: session.coverage.seq + 1,
            toSeq: (session.coverage.seq + 1 + session.headSeq) / 2, text: text, tokens: WordCounter().count(text),
            tokenizer: WordCounter().name, replacedTokens: session.coverage.liveTokens, author: .digest, round: 0,
            pause: 0)
        let commit = try await step { () async throws(StoreError) in
            try await store.commit(draft, ifRevision: session.revision, at: time.now)
        }
        // Nobody else changes this session, and a step that has failed has changed nothing.
        guard case .committed(let after, _) = commit else { throw Stuck(reason: "its summary is outdated") }
        acknowledge(.view(chat: chat, View(after)))
        try await check(after.id)
    }

    private func tellView() async throws {
        let session = try await step { () async throws(StoreError) in try await store.session(of: key) }
        if let session { acknowledge(.view(chat: chat, View(session))) }
    }

    private func finish(_ event: InboxID) async throws {
        _ = try await step { () async throws(StoreError) in try await store.finish(event, answer: [], at: time.now) }
    }

    private func note(_ deed: Deed, _ event: InboxID) async throws {
        let id = try await step { () async throws(StoreError) in try await sessions.getOrCreateSession(session).id }
        _ = try await step { () async throws(StoreError) in
            try await sessions.updateState(of: id, with: ["deed": .integer(Int64(deed.number))])
        }
        try await step { () async throws(StoreError) in try await sessions.recordToolCall(in: id) }
        try await finish(event)
    }

    /// A context can be made and sent at every moment.
    private func check(_ id: SessionID) async throws {
        let context = try await step { () async throws(StoreError) in try await sessions.buildContext(id) }
        let problem = context.map { ContextCheck.problem($0, limit: session.tokenLimit, counter: WordCounter()) }
        if let problem = problem ?? "there is none" { acknowledge(.problem("a context of chat \(chat): \(problem)")) }
    }

    private func place(_ deed: Deed, _ part: Int) -> Deed.Place {
        Deed.Place(chat: chat, deed: deed.number, part: part)
    }
}
