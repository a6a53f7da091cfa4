package import BotCore
import Testing

/// Steps around summaries and commands.
extension StoreSamples {
    /// A session of a number with so many exchanges of `q1`, `a1`, `q2`, `a2`, ...; a question has 3 tokens, an answer 5.
    package static func exchanges(
        _ count: Int, in store: any Store, number: Int64 = 1, at seconds: Int = 1
    ) async throws -> Session {
        var made = try await store.getOrCreate(session(.number(ConversationID(number)), interface: "web"), at: start)
        for index in 0..<count {
            let number = made.headSeq / 2 + 1
            _ = try await store.append(message("q\(number)"), to: made.id, at: at(seconds + index))
            made = try #require(
                try await store.append(
                    message("a\(number)", role: .assistant, tokens: 5), to: made.id, at: at(seconds + index))
            ).session
        }
        return made
    }

    package static func summary(
        of session: Session, through seq: Int64, text: String = "they talked", tokens: Int = 7, pause: Int = 10
    ) -> CheckpointDraft {
        CheckpointDraft(
            session: session.id, base: session.coverage.checkpoint, fromSeq: session.coverage.seq + 1, toSeq: seq,
            text: text, tokens: tokens, tokenizer: "o200k_base", replacedTokens: 16, author: .model("test/model"),
            round: 2, pause: pause)
    }

    /// Stores a summary that must be taken.
    package static func summarize(
        _ session: Session, through seq: Int64, in store: any Store, at seconds: Int = 50
    ) async throws -> (session: Session, checkpoint: Checkpoint) {
        let commit = try await store.commit(
            summary(of: session, through: seq), ifRevision: session.revision, at: at(seconds))
        guard case .committed(let after, let checkpoint) = commit else {
            throw StoreError.failed("the summary was outdated")
        }
        return (after, checkpoint)
    }

    /// A command over REST.
    package static func request(_ session: Session, at seconds: Int = 60) -> CommandRequest {
        CommandRequest(conversation: .number(session.conversation), event: nil, at: at(seconds))
    }

    /// Begins another answer to the newest message.
    package static func retry(
        _ entry: InboxEntry, in store: any Store, attempts: Int = 3, at seconds: Int = 30
    ) async throws -> TurnStart {
        let key = entry.event.conversation
        return try await store.begin(
            TurnDraft(
                events: [entry.id], session: session(.key(key), interface: key.platform.rawValue), work: .answerAgain,
                address: address(of: key)),
            attempts: attempts, apology: apology, at: at(seconds))
    }
}
