import BotCore

/// The protocol of long polling as a pure state machine: it is told what happened and says what to do next. One thing is
/// under way at a time; whoever drives it does that and comes back with its outcome.
///
/// It begins with `getMe`, clears a webhook, brings the menu up to date, and then polls for ever. All but a refused token
/// is tried again, later and later.
struct PollMachine: Sendable {
    /// A call of the Bot API.
    enum Call: Sendable, Equatable {
        case getMe, deleteWebhook
        case getMyCommands(MenuScope), setMyCommands(MenuScope)
        /// `offset` is the id of the last update received plus one. It says that all before it are stored.
        case getUpdates(offset: Int64?, limit: Int, timeout: Duration)
    }

    /// What is to be done next.
    enum Activity: Sendable, Equatable {
        case call(Call, deadline: Duration)
        /// Reads the id of the last update that was stored.
        case loadCursor(name: String)
        /// Stores what the updates mean, with the last id as the cursor.
        case accept([ReceivedUpdate], lastID: Int64)
        case wait(Duration)
        /// Ends for good.
        case stop
    }

    /// What has happened.
    enum Event: Sendable {
        case started
        case identified(BotIdentity)
        case cursorLoaded(Int64?)
        case cursorUnavailable(String)
        case webhookDeleted
        case menuRead(isCurrent: Bool)
        case menuSet
        /// A poll was answered, so long after it was asked.
        case updates([ReceivedUpdate], after: Duration)
        case accepted
        case waited
        case failed(CallFailure)
    }

    /// A change of the link's state: one log line each.
    enum Report: Sendable, Equatable {
        case connected(BotIdentity)
        case menuSkipped(String)
        case down(PollTrouble, detail: String)
        case stopped(PollTrouble, detail: String)
    }

    struct Step: Sendable, Equatable {
        let activity: Activity
        var report: Report?
    }

    private enum Phase: Sendable, Equatable {
        case identify, restore, clearWebhook, poll
        case readMenu(MenuScope), writeMenu(MenuScope)
        case accept(lastID: Int64)

        var concernsMenu: Bool {
            switch self {
            case .readMenu, .writeMenu: true
            case .identify, .restore, .clearWebhook, .poll, .accept: false
            }
        }
    }

    /// The most updates that an answer may hold, by the Bot API's own limit.
    static let batchLimit = 100
    /// Room that an answer has beyond the poll's own timeout, before the connection counts as dead.
    static let grace: Duration = .seconds(10)
    /// After trouble a short poll shows soon that all is well again. Telegram holds anything shorter for 3 s.
    static let recoveryTimeout: Duration = .seconds(3)
    /// How often a webhook that keeps coming back is deleted.
    static let webhookDeletions = 3
    /// How long polls must have been left alone before the next conflict counts as a new one: longer than the other side
    /// waits at most between its attempts, if it is a mybot too.
    static let conflictMemory: Duration = .seconds(90)
    /// How long no webhook must have come back before the next one is deleted like a first.
    static let webhookMemory: Duration = .seconds(600)

    private let pollTimeout: Duration
    private let pollGrace: Duration
    private let menus: [MenuScope]
    private var menusLeft: ArraySlice<MenuScope> = []
    private var phase = Phase.identify
    private var identity: BotIdentity?
    private var lastID: Int64?
    private var limit = PollMachine.batchLimit
    private var isSetUp = false
    private var webhookDeletionsLeft = PollMachine.webhookDeletions
    private var conflicts = 0
    /// How long polls have been held or answered since another program last got in the way.
    private var undisturbed: Duration = .zero
    private var trouble: PollTrouble?
    /// Waits between half a second and 30 s.
    private var backoff = Backoff(first: .seconds(1), limit: .seconds(30))
    /// Waits between 3 s and a minute, while another program polls.
    private var conflictBackoff = Backoff(first: .seconds(6), limit: .seconds(60))
    /// Waits between answers that come at once and bring nothing new.
    private var idleBackoff = Backoff(first: .seconds(1), limit: .seconds(10))

    /// - Parameters:
    ///   - menus: the scopes whose menu of commands is looked after.
    ///   - pollGrace: room that an answer has beyond the poll's own timeout.
    init(pollTimeout: Duration, menus: [MenuScope], pollGrace: Duration = PollMachine.grace) {
        self.pollTimeout = pollTimeout
        self.menus = menus
        self.pollGrace = pollGrace
    }

    /// Takes what has happened and returns what to do.
    ///
    /// - Parameter random: a number in 0..<1 that places waits in their range.
    mutating func handle(_ event: Event, random: Double = .random(in: 0..<1)) -> Step {
        switch event {
        case .started, .waited: return step()
        case .identified(let bot):
            identity = bot
            return step(.restore)
        case .cursorLoaded(let last):
            lastID = last
            return step(.clearWebhook)
        case .cursorUnavailable(let reason): return retry(.store, reason, after: backoff.next(random: random))
        case .webhookDeleted:
            if isSetUp { return step(.poll) }
            menusLeft = menus[...]
            return nextMenu()
        case .menuRead(let isCurrent):
            guard !isCurrent, case .readMenu(let scope) = phase else { return nextMenu() }
            return step(.writeMenu(scope))
        case .menuSet: return nextMenu()
        case .updates(let batch, let span): return received(batch, after: span, random: random)
        case .accepted:
            if case .accept(let id) = phase { lastID = id }
            return step(.poll)
        case .failed(let failure): return failed(failure, random: random)
        }
    }

    /// The offset that the next poll sends.
    var offset: Int64? { lastID.map { $0 + 1 } }

    /// Whether polls are answered and nothing is wrong.
    var isConnected: Bool { isSetUp && trouble == nil }

    // MARK: - Steps

    private mutating func step(_ phase: Phase, report: Report? = nil) -> Step {
        self.phase = phase
        return step(report: report)
    }

    private func step(report: Report? = nil) -> Step {
        let activity: Activity =
            switch phase {
            case .identify: .call(.getMe, deadline: .seconds(30))
            case .restore: .loadCursor(name: "telegram/\(identity?.id ?? 0)")
            case .clearWebhook: .call(.deleteWebhook, deadline: .seconds(30))
            case .readMenu(let scope): .call(.getMyCommands(scope), deadline: .seconds(30))
            case .writeMenu(let scope): .call(.setMyCommands(scope), deadline: .seconds(30))
            case .poll, .accept: pollActivity
            }
        return Step(activity: activity, report: report)
    }

    private var pollActivity: Activity {
        let timeout = trouble == nil ? pollTimeout : min(pollTimeout, Self.recoveryTimeout)
        return .call(.getUpdates(offset: offset, limit: limit, timeout: timeout), deadline: timeout + pollGrace)
    }

    private mutating func nextMenu() -> Step {
        if let scope = menusLeft.popFirst() { return step(.readMenu(scope)) }
        return setUp()
    }

    private mutating func setUp(skipped: String? = nil) -> Step {
        isSetUp = true
        let report = skipped.map { Report.menuSkipped($0) } ?? recovered(always: true)
        return step(.poll, report: report)
    }

    /// Forgets all trouble. Reports the recovery if there was any.
    ///
    /// A conflict that has come back is over only when nothing has got in the way for a while: until then two programs take turns.
    private mutating func recovered(always: Bool = false) -> Report? {
        if let trouble, trouble.isConflict, conflicts > 1 { return nil }
        let hadTrouble = trouble != nil
        trouble = nil
        backoff.reset()
        guard let identity, hadTrouble || always else { return nil }
        return .connected(identity)
    }

    private mutating func leftAlone(for span: Duration) {
        undisturbed += span
        if undisturbed >= Self.conflictMemory {
            conflicts = 0
            conflictBackoff.reset()
        }
        if undisturbed >= Self.webhookMemory { webhookDeletionsLeft = Self.webhookDeletions }
    }

    private mutating func received(_ batch: [ReceivedUpdate], after span: Duration, random: Double) -> Step {
        leftAlone(for: span)
        // The last one received, never the highest: ids begin again at a random number after a week without updates.
        guard let last = batch.last(where: { $0.id != nil })?.id else {
            if !batch.isEmpty {
                return retry(.unreadable, "updates without an id", after: backoff.next(random: random))
            }
            let report = recovered()
            limit = Self.batchLimit
            // Something in between answers polls at once: not to be asked as fast as it can.
            if span < .milliseconds(500) {
                return Step(activity: wait(idleBackoff.next(random: random)), report: report)
            }
            idleBackoff.reset()
            return step(.poll, report: report)
        }
        let report = recovered()
        limit = Self.batchLimit
        if last == lastID {
            // The same again, although it was confirmed: the events are known as seen, and the pace slows down.
            return Step(activity: wait(idleBackoff.next(random: random)), report: report)
        }
        idleBackoff.reset()
        phase = .accept(lastID: last)
        return Step(activity: .accept(batch, lastID: last), report: report)
    }

    private mutating func wait(_ span: Duration) -> Activity {
        if case .accept = phase { phase = .poll }
        return .wait(span)
    }

    // MARK: - Failures

    private mutating func failed(_ failure: CallFailure, random: Double) -> Step {
        let kind = PollTrouble(failure, whileIdentifying: phase == .identify)
        switch kind {
        case .tokenRefused:
            return Step(activity: .stop, report: .stopped(kind, detail: failure.summary))
        case .webhook where phase == .poll && webhookDeletionsLeft > 0:
            undisturbed = .zero
            webhookDeletionsLeft -= 1
            return step(.clearWebhook)
        case .conflict, .webhook:
            undisturbed = .zero
            // One that goes on is no new one: only what comes back after an answer shows that two programs take turns.
            if trouble?.isConflict != true { conflicts += 1 }
            return retry(kind, failure.summary, after: conflictBackoff.next(random: random))
        case .flood(let span) where !phase.concernsMenu:
            return retry(kind, failure.summary, after: span + .milliseconds(100) * random)
        case .unknownToken:
            // A poll that is not found: asking who we are tells whether the token was taken back.
            phase = .identify
            isSetUp = false
            return retry(kind, failure.summary, after: backoff.next(random: random))
        case .refused, .flood:
            // The menu is a nicety, and its own limits are long: polling does not wait for it.
            if phase.concernsMenu { return setUp(skipped: failure.summary) }
            return retry(kind, failure.summary, after: backoff.next(random: random))
        case .unreadable, .tooLarge:
            // Fewer at a time, in case it is the answer's size or one update in it.
            if phase == .poll { limit = max(1, limit / 4) }
            return retry(kind, failure.summary, after: backoff.next(random: random))
        case .network, .untrusted, .server, .store:
            return retry(kind, failure.summary, after: backoff.next(random: random))
        }
    }

    private mutating func retry(_ kind: PollTrouble, _ detail: String, after span: Duration) -> Step {
        let isNew = trouble.map { !$0.isSameKind(as: kind) } ?? true
        trouble = kind
        return Step(activity: .wait(span), report: isNew ? .down(kind, detail: detail) : nil)
    }
}
