package import BotCore

extension InMemoryStore {
    package func move(_ order: ChatMoveOrder) async throws(StoreError) -> MovedChat {
        try transaction { $0.move(order) }
    }

    package func endWork(in chat: LostChat, at now: Timestamp) async throws(StoreError) -> EndedWork {
        try transaction { state in
            func isConcerned(_ key: ConversationKey) -> Bool {
                chat.wholeChat ? key.wholeChat == chat.conversation.wholeChat : key == chat.conversation
            }
            func isLater(_ entry: InboxEntry) -> Bool {
                entry.event.receivedAt > chat.since || chat.event.map { entry.id >= $0 } ?? false
            }
            let open = state.events.values.filter { !$0.isFinished && isConcerned($0.entry.event.conversation) }
            let staying = Set(open.filter { isLater($0.entry) }.compactMap(\.turn))
            let ended = open.filter { stored in
                !isLater(stored.entry) && !stored.entry.event.body.clearsChat
                    && stored.turn.map { !staying.contains($0) } ?? true
            }.sorted { $0.entry.id < $1.entry.id }
            let turns = Set(ended.compactMap(\.turn)).sorted()
            state.finish(ended.map(\.entry.id))
            for turn in turns.compactMap({ state.turns[$0] }) {
                state.withdrawSteps(of: turn, at: now)
                state.giveUp(turn.id)
                state.finish(turn.events)
            }
            state.abandonReady(upTo: chat.newestRow, reason: chat.reason, at: now, where: isConcerned)
            return EndedWork(turns: turns, events: ended.map(\.entry.id))
        }
    }
}

extension InMemoryState {
    fileprivate mutating func move(_ order: ChatMoveOrder) -> MovedChat {
        var moved = MovedChat()
        budgets.move(order.move)
        for (key, conversation) in conversations.sorted(by: { $0.value < $1.value }) {
            guard let name = order.move.newName(of: key), let id = sessionOfConversation[conversation] else { continue }
            if let newer = session(of: .key(name)) {
                join(newer, to: id, at: order.at)
                moved.joined += 1
            }
            conversations[key] = nil
            conversations[name] = conversation
            sessions[id]?.key = name
            sessions[id]?.externalChatID = name.chat
            moved.sessions += 1
        }
        for stored in events.values where !stored.isFinished {
            guard let there = order.moved(stored.entry.event) else { continue }
            events[stored.entry.id]?.entry = InboxEntry(id: stored.entry.id, event: there)
            moved.events += 1
        }
        for stored in rows.values where stored.isOpen {
            guard let name = order.move.newName(of: stored.row.conversation) else { continue }
            if stored.row.payload?.isNothing == true {
                rows[stored.row.id]?.status = .abandoned
                rows[stored.row.id]?.endedAt = order.at
                continue
            }
            var there = stored
            there.row.conversation = name
            there.row.address = order.readdress(stored.row.address)
            there.row.messageID = nil
            there.isOverruled = false
            rows[stored.row.id] = there
            moved.rows += 1
        }
        if let known = grants.removeValue(forKey: order.oldSpace) {
            grants[order.newSpace] = AccessGrant(
                entry: order.newSpace, role: known.role, name: known.name, grantedBy: known.grantedBy,
                grantedAt: known.grantedAt)
            moved.grants += 1
        } else if let grant = order.grant, grants[grant.entry] == nil {
            grants[grant.entry] = grant
            moved.grants += 1
        }
        return moved
    }

    /// Adds what was said in the newer session to the older one, and lets it go.
    private mutating func join(_ newer: Session, to older: SessionID, at now: Timestamp) {
        if newer.epoch > 1, let conversation = sessions[older]?.conversation {
            clear(older, CommandRequest(conversation: .number(conversation), event: nil, at: now))
        }
        var numbers: [Int64: Int64] = [:]
        for message in shown(of: newer.id) {
            let externalID = externalIDs[newer.id]?.first { $0.value == message.seq }?.key
            let draft = MessageDraft(
                role: message.role, text: message.text, speaker: message.speaker, tokens: message.tokens,
                tokenizer: message.tokenizer, externalID: externalID, model: message.model, metadata: message.metadata,
                toolCalls: message.toolCalls, toolCallID: message.toolCallID)
            numbers[message.seq] = append(draft, to: older, at: message.createdAt)?.message.seq
        }
        for var turn in turns.values where turn.session == newer.id && turn.isOpen {
            guard let message = numbers[turn.message] else { continue }
            turn.session = older
            turn.epoch = sessions[older]?.epoch ?? 0
            turn.message = message
            turn.steps = turn.steps.compactMap { numbers[$0] }
            turn.replacesTo = turn.replacesTo.map { last in
                numbers.filter { $0.key <= last }.values.max() ?? message
            }
            turns[turn.id] = turn
        }
        for index in bookings.indices where bookings[index].session == newer.id { bookings[index].session = older }
        sessions[older]?.toolCalls += newer.toolCalls
        sessions[older]?.errors += newer.errors
        if sessions[older]?.chosenModel == nil { sessions[older]?.chosenModel = newer.chosenModel }
        sessions[newer.id] = nil
        messages[newer.id] = nil
        sessionOfConversation[newer.conversation] = nil
        if let key = newer.key { conversations[key] = nil }
    }
}
