import BotConversation
import BotCore
import BotTestSupport

/// A delivery that only remembers what it was asked, in order.
final class RecordingDelivery: ReplyDelivery {
    enum Call: Equatable, Sendable {
        case enqueued(OutboxRow)
        case begins(TurnID)
        case preview(String, TurnID)
        case ends(TurnID)
        case moved(ChatMove)
        case answered(Answer)
        case removedButtons(String)
        case waiting(String, Bool)
    }

    /// How a press was answered.
    struct Answer: Equatable, Sendable {
        let press: String
        let notice: String?
    }

    private let watch = Watchpoint<[Call]>([])
    /// Whether signs may stand after the next calls of `showWaiting`, in order; then each works.
    let signOutcomes = Lock<[Bool]>([])
    private let isAwaited = Lock(false)
    let chatNews: AsyncStream<ChatNews>
    private let news: AsyncStream<ChatNews>.Continuation

    init() { (chatNews, news) = AsyncStream.makeStream() }

    /// Tells the engine what a platform has answered.
    func tell(_ what: ChatNews) { news.yield(what) }

    /// From now on everybody is shown that an answer comes.
    func awaitAnswers() { isAwaited.withLock { $0 = true } }

    func awaitsAnswer(at address: ReplyAddress, on platform: Platform) -> Bool { isAwaited.withLock { $0 } }

    var calls: [Call] { watch.state }

    /// The texts that were queued, in order.
    var texts: [String] { Self.texts(in: calls) }

    /// The texts that were queued for one chat, in order.
    func texts(in chat: String) -> [String] {
        Self.texts(
            in: calls.filter { if case .enqueued(let row) = $0 { row.conversation.chat == chat } else { false } })
    }

    /// The buttons under the queued text with this number.
    func buttons(of text: Int) -> [ReplyButton] {
        let rows = calls.compactMap { if case .enqueued(let row) = $0 { row } else { nil } }
        return rows.indices.contains(text) ? rows[text].payload?.buttons ?? [] : []
    }

    /// How presses were answered, in order.
    var answers: [Answer] { Self.answers(in: calls) }

    /// Waits until so many presses were answered in all.
    func waitForAnswers(_ count: Int) async { await wait { Self.answers(in: $0).count >= count } }

    /// Waits until so many texts were queued in all.
    func waitForTexts(_ count: Int) async { await wait { Self.texts(in: $0).count >= count } }

    /// Waits until the calls so far fulfil the condition.
    func wait(until reached: @escaping @Sendable ([Call]) -> Bool) async { await watch.wait(until: reached) }

    func enqueue(_ rows: [OutboxRow]) { for row in rows { note(.enqueued(row)) } }
    func replyBegins(_ row: OutboxRow) { if let turn = row.turn { note(.begins(turn)) } }
    func preview(_ text: String, of turn: TurnID) { note(.preview(text, turn)) }
    func replyEnds(_ turn: TurnID) { note(.ends(turn)) }
    func chatMoved(_ move: ChatMove) { note(.moved(move)) }

    func address(_ address: ReplyAddress, in newChat: String, on platform: Platform) -> ReplyAddress {
        ReplyAddress(rawValue: "to \(newChat)")
    }

    func answerPress(_ press: ButtonPress, of event: InboundEvent, notice: String?) async {
        note(.answered(Answer(press: press.id, notice: notice)))
    }

    func removeButtons(under press: ButtonPress, of event: InboundEvent) async { note(.removedButtons(press.message)) }

    func showWaiting(_ isWaiting: Bool, on event: InboundEvent, message: String) async -> Bool {
        note(.waiting(message, isWaiting))
        return signOutcomes.withLock { $0.isEmpty ? isWaiting : $0.removeFirst() }
    }

    func address(of conversation: ConversationKey) -> ReplyAddress? {
        ReplyAddress(rawValue: "to \(conversation.chat)")
    }

    /// The ids of the administrators of all shared chats; nil while the platform does not say.
    let administrators = Lock<Set<String>?>([])
    /// How often the platform was asked for them.
    let questions = Lock(0)

    func administers(_ person: Speaker, _ scope: ChatScope, on platform: Platform) async -> Bool? {
        questions.withLock { $0 += 1 }
        return administrators.withLock { $0?.contains(person.id) }
    }

    func startLink(with code: String, on platform: Platform) -> String? {
        platform == .telegram ? "https://t.me/bot?start=\(code)" : nil
    }

    func render(_ text: String, for platform: Platform) -> [RenderedChunk] {
        text.allSatisfy(\.isWhitespace) ? [] : [RenderedChunk(text: text)]
    }

    private static func answers(in calls: [Call]) -> [Answer] {
        calls.compactMap { if case .answered(let answer) = $0 { answer } else { nil } }
    }

    private static func texts(in calls: [Call]) -> [String] {
        calls.compactMap { if case .enqueued(let row) = $0 { row.payload?.text ?? "" } else { nil } }
    }

    private func note(_ call: Call) { watch.change { $0.append(call) } }
}
