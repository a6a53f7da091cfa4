import BotCore

/// The numbers of delivery, in one place.
struct DeliveryPolicy: Sendable {
    /// Operations under way at once on one platform.
    var operationsAtOnce = 32
    /// Rows of one platform in memory; more wait in the store.
    var rowsInMemory = 10_000
    /// Rows that are loaded at once.
    var pageSize = 500
    /// Added to what a platform asks to wait, so that clocks need not agree.
    var gateMargin: Duration = .milliseconds(75)
    /// The longest wait that a stored moment can impose: a clock that was wrong once must not silence a chat for ever.
    var longestGate: Duration = .seconds(86_400)
    /// The wait after a failed attempt: first and longest.
    var firstRetry: Duration = .milliseconds(500)
    var longestRetry: Duration = .seconds(60)
    /// The longest wait between looks at a platform whose link is down: a look costs nothing.
    var longestLinkPause: Duration = .seconds(5)
    /// How often a row whose arrival nobody can know is sent again, each time with its label and only after the chat has answered something
    /// else. The waits below put 36 minutes between the first and the last of eight, or 5 where other rows wait behind it.
    var labelledSends = 8
    /// The same for the notice that stands in for a row that was given up: what follows it has waited long enough.
    var labelledNotices = 1
    /// The wait after a labelled send without an answer, and how many times longer each further one is: every send may leave a copy in the chat.
    var firstLabelledWait: Duration = .seconds(4)
    var labelledWaitGrowth = 4
    /// The longest wait between labelled sends: when nothing else waits in the conversation, and when something does.
    var longestLabelledWait: Duration = .seconds(600)
    var longestBlockingWait: Duration = .seconds(60)
    /// How often a chat may be sent on to another id before its rows are given up.
    var movesAtMost = 5
    /// How long a final text waits for a typing sign or draft that got no answer yet.
    var ephemeralPatience: Duration = .seconds(2)
    /// In how many messages a reply is shown while it is being made.
    var previewParts = 10
    /// When the first preview message appears: after this time or at this length (in UTF-8 bytes).
    var firstPreviewAfter: Duration = .seconds(1)
    var firstPreviewLength = 60
    /// How often a draft is shown again while the model is silent: Telegram's live for 30 seconds.
    var draftRefresh: Duration = .seconds(20)
    /// How long what is known of an ended reply is kept for its final row.
    var endedReplyMemory: Duration = .seconds(60)
    /// Failures of previews after which a turn shows none any more.
    var previewFailures = 3

    /// The wait after the given number of labelled sends without an answer.
    func wait(afterLabelled sends: Int, blocksOthers: Bool) -> Duration {
        let longest = blocksOthers ? longestBlockingWait : longestLabelledWait
        var wait = firstLabelledWait
        for _ in 1..<max(1, sends) where wait < longest { wait = wait * labelledWaitGrowth }
        return min(wait, longest)
    }
}

/// One reading of both clocks.
struct Moment: Sendable, Equatable {
    let uptime: Duration
    let wall: Timestamp
}
