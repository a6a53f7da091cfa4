import BotCore
import BotSessions
import BotTestSupport
import Testing

extension PipelineWorld {
    /// One thing that somebody did, with its place in the chat.
    private struct Deed {
        let place: Int
        let id: InboxID
        let body: InboundEvent.Body

        var message: String? { if case .message(let message) = body { message.text } else { nil } }
        func isCommand(_ name: String) -> Bool {
            if case .command(name, _) = body { true } else { false }
        }
    }

    private func deeds(in chat: String) -> [Deed] {
        journal.facts.entries.filter { $0.event.conversation.chat == chat }.sorted { $0.id < $1.id }.enumerated()
            .map { Deed(place: $0, id: $1.id, body: $1.event.body) }
    }

    /// Checks what must hold whatever happened, once the world has come to rest.
    ///
    /// - Parameter answersLost: whether answers of the platform were lost, so that any message may be repeated with its label.
    ///   If none was, only what a life left in doubt may be: every end of a life may cut off a send that is under way, an
    ///   orderly one when its grace is over before the answer comes.
    func checkInvariants(chats: [String], answersLost: Bool, _ life: Life) async throws {
        let facts = journal.facts
        #expect(
            Set(facts.entries.map(\.event.externalID)) == Set(events.map(\.externalID)), "nothing is lost at the door")
        #expect(facts.entries.count == events.count, "nothing is taken twice")
        var unanswered = 0
        for chat in chats { unanswered += checkAnswers(in: chat, facts, answersLost: answersLost) }
        #expect(unanswered <= facts.stoppedTurns + facts.droppedEvents, "what is dropped is counted")
        for chat in chats {
            checkRequests(in: chat)
            checkSends(in: chat)
        }
        try await checkCounters(chats, life)
    }

    /// Each message was answered once or a later reset has taken it; returns how many were taken.
    private func checkAnswers(in chat: String, _ facts: Journal.Facts, answersLost: Bool) -> Int {
        let deeds = deeds(in: chat)
        let standing = transport.watch.state.texts(in: chat)
        var unanswered = 0
        var places: [Int] = []
        for deed in deeds {
            guard let text = deed.message else { continue }
            let laterReset = deeds.contains { $0.place > deed.place && $0.isCommand("reset") }
            let commits = facts.replies[text] ?? []
            #expect(commits.count <= 1, "\(text) was answered \(commits.count) times")
            guard let rows = commits.first else {
                unanswered += 1
                #expect(laterReset, "\(text) in chat \(chat) got no answer and no reset has dropped it")
                continue
            }
            for row in rows {
                guard let payload = row.payload?.text else { continue }
                let whole = standing.filter { $0 == payload }.count
                let labelled = standing.filter { $0.hasSuffix(payload) && $0 != payload }.count
                // Answers without a word of their own ("(stopped)") look all the same.
                guard payload.contains(text) else { continue }
                #expect(whole <= 1, "\(payload) stands \(whole) times")
                if !answersLost, !facts.doubtful.contains(row.id) {
                    #expect(labelled == 0, "\(payload) stands again, with a label, though its fate was known")
                }
                if !laterReset { #expect(whole + labelled >= 1, "\(payload) never arrived") }
                if let place = standing.firstIndex(where: { $0.hasSuffix(payload) }) { places.append(place) }
            }
        }
        #expect(places == places.sorted(), "answers in chat \(chat) stand in order")
        return unanswered
    }

    /// No request shows the model what a reset has cleared.
    private func checkRequests(in chat: String) {
        let deeds = deeds(in: chat)
        let messages = deeds.filter { $0.message != nil }
        for request in model.requests {
            let words = Set(
                request.messages.flatMap { $0.content.split(whereSeparator: \.isWhitespace).map(String.init) })
            let shown = messages.filter { words.contains($0.message ?? "") }
            guard let newest = shown.last else { continue }
            for old in shown {
                let between = deeds.filter { $0.place > old.place && $0.place < newest.place }
                guard let reset = between.last(where: { $0.isCommand("reset") }) else { continue }
                let isUndone = between.contains { $0.isCommand("undo") && $0.place > reset.place }
                #expect(isUndone, "\(old.message ?? "") was shown with \(newest.message ?? "") after a reset")
            }
        }
    }

    /// Once a reset is confirmed in the chat, nothing from before it is sent there.
    private func checkSends(in chat: String) {
        let deeds = deeds(in: chat)
        let requests = transport.watch.state.requests.filter { $0.chat == chat }
        for reset in deeds where reset.isCommand("reset") {
            guard let confirmed = requests.firstIndex(where: { $0.text.hasSuffix("reset=\(reset.id)") }) else {
                continue
            }
            for old in deeds where old.place < reset.place {
                guard let text = old.message else { continue }
                let late = requests[confirmed...].first { $0.text.contains("answer \(text) ") }
                #expect(late == nil, "\(late?.text ?? "") came after the reset that followed \(text)")
            }
        }
    }

    /// Nothing is left open, and the counters are what a recount gives.
    private func checkCounters(_ chats: [String], _ life: Life) async throws {
        var (messages, tokens) = (0, 0)
        for chat in chats {
            guard let session = try await life.store.session(of: Self.key(chat)) else { continue }
            let log = try await life.store.newestMessages(of: session.id, limit: 100_000)
            #expect(session.messageCount == log.count)
            #expect(session.totalTokens == log.reduce(0) { $0 + $1.tokens })
            #expect(log.allSatisfy { $0.seq > session.floorSeq && $0.seq <= session.headSeq })
            messages += session.messageCount
            tokens += session.totalTokens
            let cached = try await life.sessions.getSession(session.id)
            #expect(cached == session, "the cache is true")
        }
        let statistics = try await life.store.statistics()
        #expect(statistics.totalMessages == messages)
        #expect(statistics.totalTokens == tokens)
        for chat in chats {
            // A reset finds every open turn and every reply that stands unfinished.
            let outcome = try await life.store.reset(
                CommandRequest(conversation: .key(Self.key(chat)), event: nil, at: time.now),
                stopped: RenderedChunk(text: "left open")
            ) { _ in [] }
            #expect(outcome.stoppedTurns == [], "no turn is left open")
            #expect(outcome.rows == [], "no reply is left open")
            #expect(outcome.summary.droppedEvents == 0, "no event is left waiting")
        }
    }
}
