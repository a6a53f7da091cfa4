import BotCore
import BotTestSupport

@testable import BotConversation

/// A planner with a store and a platform around it that answer at once: what happens is decided step by step by the test.
struct PlannerWorld {
    struct Message: Equatable {
        let id: String
        let conversation: ConversationKey
        var text: String
    }

    enum Answer {
        /// It is carried out.
        case well
        /// It is carried out and the answer is lost.
        case loseAnswer
        case refuse(DeliveryError)
    }

    static let chat = ConversationKey(platform: .telegram, account: "1", chat: "7")

    let policy: DeliveryPolicy
    var planner: DeliveryPlanner
    var store = OutboxModel()
    var messages: [Message] = []
    var pending: [DeliveryOperation] = []
    var notes: [DeliveryNote] = []
    /// Requests to the platform in order, in short words.
    var requests: [String] = []
    var uptime: Duration = .zero
    /// The longest message, in characters.
    var limit = 4096
    var due: Duration?
    let wallStart = Timestamp(rawValue: 1_790_000_000_000)

    init(policy: DeliveryPolicy = DeliveryPolicy()) {
        self.policy = policy
        planner = DeliveryPlanner(platforms: [.telegram], policy: policy) { 1 }
        dispatch()
    }

    var now: Moment { Moment(uptime: uptime, wall: wallStart + uptime) }

    /// Starts again from what the store holds, as after `kill -9`.
    mutating func crash() {
        pending = []
        planner = DeliveryPlanner(platforms: [.telegram], policy: policy) { 1 }
        dispatch()
    }

    /// Whether a ready row of the conversation keeps a wait in the store, so that it outlives the program.
    func isStored(_ wait: Duration, of key: ConversationKey) -> Bool {
        store.ready(on: key.platform, after: nil, limit: .max).contains { row in
            row.conversation == key && row.retryAt.map { $0 >= wallStart + wait } ?? false
        }
    }

    // MARK: - Events

    mutating func enqueue(_ text: String, markup: String? = nil, in key: ConversationKey = chat) -> OutboxID {
        let row = store.add(text, markup: markup, in: key)
        planner.enqueue([row], at: now)
        dispatch()
        return row.id
    }

    mutating func enqueue(together texts: [String]) -> [OutboxID] {
        let rows = texts.map { store.add($0, in: Self.chat) }
        planner.enqueue(rows, at: now)
        dispatch()
        return rows.map(\.id)
    }

    mutating func begin(
        turn: Int64 = 1, _ style: PreviewStyle, typing: Duration? = nil, in key: ConversationKey = chat
    ) -> OutboxRow {
        let row = store.add(nil, in: key, turn: TurnID(turn))
        planner.begin(row, style: style, typingInterval: typing, at: now)
        dispatch()
        return row
    }

    mutating func preview(_ text: String, of turn: Int64 = 1) {
        planner.update(text, of: TurnID(turn))
        dispatch()
    }

    /// Commits the reply of a turn and hands its row over, as the turn engine does.
    mutating func commit(_ row: OutboxRow, _ text: String) {
        if let turn = row.turn { planner.end(turn, at: now) }
        if let ready = store.commit(row.id, text) { planner.enqueue([ready], at: now) }
        dispatch()
    }

    /// Commits a reply that is cut into messages at the limit.
    mutating func commit(_ row: OutboxRow, whole text: String) {
        if let turn = row.turn { planner.end(turn, at: now) }
        planner.enqueue(store.commit(row.id, parts: parts(of: text)), at: now)
        dispatch()
    }

    /// Moves a chat in the store, and tells the planner.
    mutating func move(_ move: ChatMove) {
        store.move(move)
        planner.moved(move, at: now)
        dispatch()
    }

    mutating func advance(_ span: Duration) {
        uptime += span
        dispatch()
    }

    // MARK: - What the planner wants

    mutating func dispatch() {
        while true {
            let next = planner.dispatch(at: now)
            pending += next.operations
            notes += next.notes
            due = next.due
            if next.loads.isEmpty { return }
            for load in next.loads {
                let rows = store.ready(on: load.platform, after: load.after, limit: load.limit)
                planner.loaded(load, rows, at: now)
            }
        }
    }

    /// Carries out the given operation, writes of the store among them, and tells the planner.
    mutating func perform(_ index: Int = 0, _ answer: Answer = .well, style: PreviewStyle = .off) {
        let operation = pending.remove(at: index)
        planner.finish(operation, outcome(of: operation, answer, style), at: now)
        dispatch()
    }

    /// Carries out the store's writes until a request to the platform, or nothing, is left.
    mutating func write() {
        while let index = pending.firstIndex(where: \.work.isWrite) { perform(index) }
    }

    /// Carries out the operation under way without anybody hearing of it.
    mutating func carryOutUnheard() {
        guard let operation = pending.first else { return }
        _ = outcome(of: operation, .well, .off)
    }

    /// Does everything that can be done now, well.
    mutating func settle() {
        while !pending.isEmpty { perform() }
    }

    func texts(in key: ConversationKey = chat) -> [String] {
        messages.filter { $0.conversation == key }.map(\.text)
    }

    private mutating func outcome(
        of operation: DeliveryOperation, _ answer: Answer, _ style: PreviewStyle
    ) -> DeliveryOperation.Outcome {
        switch operation.work {
        case .write(let write): return self.write(write, operation.conversation)
        case .send(let row, _, let doubtfulFor):
            guard store.beginFirstSend(of: row.id) else { return .rowGone }
            guard let chunk = row.payload else { return .unchanged }
            let isLabelled = doubtfulFor != nil
            let sent = isLabelled ? RepeatLabel.labelled(chunk) : chunk
            requests.append("send \(sent.text)")
            return request(answer, style, isLabelled) { world in
                .sent(message: world.stand(sent.text, operation.conversation), sent, isLabelled: isLabelled)
            }
        case .beginPreview(let row, let text):
            guard let frame = frame(of: text, in: row), let text = frame.chunk?.text else { return .unchanged }
            guard store.beginFirstSend(of: row.id) else { return .rowGone }
            requests.append("send \(text)")
            return request(answer, style) { world in
                .begun(message: world.stand(text, operation.conversation), frame)
            }
        case .edit(let row, let message): return edit(message, row.payload?.text ?? "", answer, style)
        case .remove(_, let message):
            requests.append("remove \(message)")
            return request(answer, style) { world in
                world.messages.removeAll { $0.id == message }
                return .shown(nil)
            }
        case .editPreview(let row, let message, let text, let shown):
            guard let frame = frame(of: text, in: row), let chunk = frame.chunk else { return .unchanged }
            if shown == chunk { return frame.isFull ? .framed(frame) : .unchanged }
            let outcome = edit(message, chunk.text, answer, style)
            return outcome == .shown(chunk) ? .framed(frame) : outcome
        case .draft(let row, _, let text, let shown):
            guard let text else {
                requests.append("placeholder")
                return request(answer, style) { _ in .framed(.init(chunk: .nothing)) }
            }
            guard let frame = frame(of: text, in: row) else { return .unchanged }
            if frame.isFull { return .draftFull }
            if shown == frame.chunk { return .unchanged }
            requests.append("draft \(frame.chunk?.text ?? "")")
            return request(answer, style) { _ in .framed(frame) }
        case .openPart(let row, let chunk): return .opened(store.openPart(chunk, of: row.id))
        case .typing:
            requests.append("typing")
            return request(answer, style) { _ in .shown(nil) }
        }
    }

    private mutating func request(
        _ answer: Answer, _ style: PreviewStyle, _ isLabelled: Bool = false,
        _ body: (inout PlannerWorld) -> DeliveryOperation.Outcome
    ) -> DeliveryOperation.Outcome {
        switch answer {
        case .well: return body(&self)
        case .loseAnswer:
            _ = body(&self)
            return .failed(.outcomeUnknown("lost"), isLabelled: isLabelled)
        case .refuse(let error): return .failed(error, isLabelled: isLabelled, style: style)
        }
    }

    /// The messages of a reply: what is cut at the limit.
    func parts(of text: String) -> [String] {
        var (parts, rest) = ([String](), text[...])
        while !rest.isEmpty {
            parts.append(String(rest.prefix(limit)))
            rest = rest.dropFirst(limit)
        }
        return parts
    }

    private func frame(of text: String, in row: OutboxRow) -> DeliveryOperation.Frame? {
        let parts = parts(of: text)
        guard row.chunk < parts.count else { return nil }
        return .init(chunk: RenderedChunk(text: parts[row.chunk]), isFull: row.chunk + 1 < parts.count)
    }

    private mutating func stand(_ text: String, _ key: ConversationKey) -> String {
        let id = "m\(messages.count + 1)"
        messages.append(Message(id: id, conversation: key, text: text))
        return id
    }

    private mutating func edit(
        _ message: String, _ text: String, _ answer: Answer, _ style: PreviewStyle
    ) -> DeliveryOperation.Outcome {
        requests.append("edit \(text)")
        return request(answer, style) { world in
            guard let index = world.messages.firstIndex(where: { $0.id == message }) else {
                return .failed(.messageMissing("gone"))
            }
            world.messages[index].text = text
            return .shown(RenderedChunk(text: text))
        }
    }

    private mutating func write(_ write: StoreWrite, _ key: ConversationKey) -> DeliveryOperation.Outcome {
        switch write {
        case .delivered(let row, let message, let isReply):
            store.delivered(row, as: message)
            if isReply, store.fates[row] == .ready { return .written(store.rows[row]) }
        case .firstSendFailed(let row): store.firstSendFailed(of: row)
        case .previewStands(let row, let message): return .written(store.previewStands(of: row, as: message))
        case .postpone(let row, let until): store.postpone(row, until: until)
        case .replace(let row, let payload, let message): store.replace(row, payload: payload, messageID: message)
        case .abandon(let row, let reason): store.abandon(row, reason: reason)
        case .abandonAll(let newest, let reason): store.abandonAll(in: key, upTo: newest, reason: reason)
        }
        return .written()
    }
}

extension DeliveryOperation.Work {
    var isWrite: Bool {
        if case .write = self { true } else { false }
    }
}
