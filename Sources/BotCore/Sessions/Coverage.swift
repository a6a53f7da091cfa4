/// How far a session's summary reaches, and what lies after it.
package struct Coverage: Sendable, Equatable {
    /// The checkpoint that holds the summary; nil when there is none.
    package var checkpoint: CheckpointID?
    /// The tokens of the summary's text, by the tokenizer of the checkpoint; 0 when there is none.
    package var summaryTokens: Int
    /// Messages up to this number are covered by the summary or were cleared by a reset. It is never less than the floor.
    package var seq: Int64
    /// The messages after `seq` that were not taken back, and the tokens of their texts.
    package var liveMessages: Int
    package var liveTokens: Int
    /// No summary is made before the newest message has this number.
    package var nextSummaryAt: Int64

    package init(
        checkpoint: CheckpointID? = nil, summaryTokens: Int = 0, seq: Int64, liveMessages: Int, liveTokens: Int,
        nextSummaryAt: Int64 = 0
    ) {
        self.checkpoint = checkpoint
        self.summaryTokens = summaryTokens
        self.seq = seq
        self.liveMessages = liveMessages
        self.liveTokens = liveTokens
        self.nextSummaryAt = nextSummaryAt
    }
}
