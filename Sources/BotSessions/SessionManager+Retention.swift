import BotCore
import Logging

extension SessionManager {
    /// Takes what was said longer ago than it may be kept out of all sessions, and out of their summaries: of these only the lines stay that
    /// name none of it. The messages behind it are summarised again when they grow too long.
    func takeAwayOutdated() async throws(StoreError) {
        guard let retention = settings.retention else { return }
        let before = time.now - retention
        var last: SessionID?
        while true {
            let page = try await store.outdated(before: before, after: last, limit: 100)
            for outdated in page {
                let summary = try await summary(left: outdated)
                // One that has changed meanwhile waits for the next time.
                if try await store.takeAway(outdated, leaving: summary, at: time.now) == nil { continue }
                cache.invalidate(outdated.session.id)
                log.info(
                    "messages are too old to be kept",
                    ["session.id": "\(outdated.session.id)", "through": "\(outdated.through)"])
            }
            guard let end = page.last else { return }
            last = end.session.id
        }
    }

    /// What a session's summary says without what goes; nil when it says nothing.
    private func summary(left outdated: OutdatedSession) async throws(StoreError) -> CheckpointDraft? {
        let session = outdated.session
        guard session.coverage.seq > outdated.through, let checkpoint = try await checkpoint(of: session) else {
            return nil
        }
        let lines = SummaryNotes(parsing: checkpoint.text).lines.filter { line in
            !line.sources.isEmpty && line.sources.allSatisfy { $0.lowerBound > outdated.through }
        }
        guard !lines.isEmpty else { return nil }
        let text = SummaryNotes(lines: lines).text
        return CheckpointDraft(
            session: session.id, base: nil, fromSeq: outdated.through + 1, toSeq: session.coverage.seq, text: text,
            tokens: counter.count(text), tokenizer: counter.name, replacedTokens: checkpoint.replacedTokens,
            author: checkpoint.author, round: checkpoint.round, pause: 0)
    }
}
