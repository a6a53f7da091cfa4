import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `TurnStore` around what a turn does before its answer.
    package static let steps: [Behaviour] = [
        Behaviour("adds the steps of a turn to the log, in order, before its answer", addsSteps),
        Behaviour("counts and books each step once", addsStepsOnce),
        Behaviour("returns the steps when the turn begins again", returnsSteps),
        Behaviour("adds no step after a reset, and books what it has cost", refusesStepsAfterReset),
        Behaviour("adds no step to a turn that has ended", refusesStepsAfterEnd),
        Behaviour("keeps the steps of a failed turn", keepsStepsOfFailure),
        Behaviour("takes the steps back of another answer that has failed", withdrawsSteps),
        Behaviour("takes the steps back of another answer that is set aside", withdrawsStepsSetAside),
        Behaviour("takes old steps back with the answer that they belong to", replacesSteps),
    ]

    private static let call = ToolCall(id: "c00000100", name: "calculator", arguments: #"{"expression":"6*7"}"#)
    private static let cost = RequestCost(
        usage: TokenUsage(promptTokens: 50, completionTokens: 4), counted: 48, model: "test/model", person: "7")

    private static func calls(of turn: Turn) -> TurnStep {
        TurnStep(
            message: MessageDraft(
                role: .assistant, text: "Let me see.", tokens: 7, tokenizer: "o200k_base",
                externalID: "turn/\(turn.id)/calls",
                model: "test/model", toolCalls: [call]), cost: cost)
    }

    private static func result(of turn: Turn) -> TurnStep {
        TurnStep(
            message: MessageDraft(
                role: .tool, text: "42", tokens: 1, tokenizer: "o200k_base", externalID: "turn/\(turn.id)/result",
                toolCallID: call.id))
    }

    /// Adds both steps; they must be taken.
    @discardableResult
    private static func step(_ turn: Turn, in store: any Store, at seconds: Int = 2) async throws -> Session {
        _ = try await store.append(calls(of: turn), to: turn.id, at: StoreSamples.at(seconds))
        guard
            case .appended(let session, _) = try await store.append(
                result(of: turn), to: turn.id, at: StoreSamples.at(seconds))
        else { throw StoreError.failed("superseded") }
        return session
    }

    private static func again(_ event: String, in store: any Store) async throws -> (Turn, InboxEntry) {
        let entry = try await StoreSamples.accept(StoreSamples.event(event), in: store)
        guard case .started(let turn) = try await StoreSamples.retry(entry, in: store) else {
            throw StoreError.failed("it did not start")
        }
        return (turn, entry)
    }

    @Sendable private static func addsSteps(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let after = try await step(turn, in: store)
        #expect(after.headSeq == 3)
        #expect(after.messageCount == 3)
        #expect(after.outputTokens == 8)
        #expect(after.toolCalls == 1)
        #expect(try await store.session(turn.session.id) == after)
        #expect(try await store.unfinished(after: nil, limit: 9).count == 1)
        _ = try await store.commit(turn.id, StoreSamples.result("42."), at: StoreSamples.at(3))
        let log = try await store.newestMessages(of: turn.session.id, limit: 9)
        #expect(log.map(\.role) == [.user, .assistant, .tool, .assistant])
        #expect(log.map(\.text) == ["hello", "Let me see.", "42", "42."])
        #expect(log[1].toolCalls == [call])
        #expect(log[2].toolCallID == call.id)
    }

    @Sendable private static func addsStepsOnce(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        let first = try await store.append(calls(of: turn), to: turn.id, at: StoreSamples.at(2))
        let second = try await store.append(calls(of: turn), to: turn.id, at: StoreSamples.at(3))
        guard case .appended(_, let message) = first, case .appended(let session, message: message) = second else {
            Issue.record("the same step was added twice")
            return
        }
        #expect(session.toolCalls == 1)
        #expect(session.messageCount == 2)
        let usage = try await store.usage(of: session.id, askedBy: "7", at: StoreSamples.at(4))
        #expect(usage.map(\.requests) == [1])
        #expect(usage.first?.tokens == cost.usage)
        #expect(usage.first?.asker == .person)
        #expect(try await store.tokenReports(limit: 9).map(\.counted) == [48])
    }

    @Sendable private static func returnsSteps(_ store: any Store) async throws {
        let entry = try await StoreSamples.accept(StoreSamples.event("1"), in: store)
        let turn = try await StoreSamples.begin([entry], in: store)
        #expect(turn.steps.isEmpty)
        _ = try await store.append(calls(of: turn), to: turn.id, at: StoreSamples.at(2))
        // Somebody else's message between them is no step.
        _ = try await store.append(StoreSamples.message("x"), to: turn.session.id, at: StoreSamples.at(2))
        _ = try await store.append(result(of: turn), to: turn.id, at: StoreSamples.at(2))
        let resumed = try await StoreSamples.begin([entry], in: store)
        #expect(resumed.id == turn.id)
        #expect(resumed.message == turn.message)
        #expect(resumed.steps.map(\.seq) == [2, 4])
        #expect(resumed.steps.first?.toolCalls == [call])
        #expect(resumed.steps.last?.toolCallID == call.id)
    }

    @Sendable private static func refusesStepsAfterReset(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await StoreSamples.reset(in: store)
        #expect(try await store.append(calls(of: turn), to: turn.id, at: StoreSamples.at(11)) == .superseded)
        let session = try #require(try await store.session(turn.session.id))
        #expect(session.headSeq == 1)
        #expect(session.toolCalls == 0)
        #expect(
            try await store.usage(of: session.id, askedBy: nil, at: StoreSamples.at(12)).map(\.tokens) == [cost.usage])
    }

    @Sendable private static func refusesStepsAfterEnd(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        _ = try await store.commit(turn.id, StoreSamples.result(), at: StoreSamples.at(2))
        #expect(try await store.append(result(of: turn), to: turn.id, at: StoreSamples.at(3)) == .superseded)
        #expect(try await store.append(result(of: turn), to: TurnID(999), at: StoreSamples.at(3)) == .superseded)
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["hello", "hi"])
    }

    private static let failure = TurnResult(
        ending: .failed, message: nil, chunks: StoreSamples.apology, usage: nil, model: nil)

    @Sendable private static func keepsStepsOfFailure(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        try await step(turn, in: store)
        _ = try await store.commit(turn.id, failure, at: StoreSamples.at(3))
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["hello", "Let me see.", "42"])
    }

    @Sendable private static func withdrawsSteps(_ store: any Store) async throws {
        let before = try await StoreSamples.turn("1", in: store)
        let (turn, _) = try await again("2", in: store)
        try await step(turn, in: store, at: 31)
        guard case .committed(let session, _, _) = try await store.commit(turn.id, failure, at: StoreSamples.at(32))
        else { throw StoreError.failed("superseded") }
        #expect(try await StoreSamples.texts(of: session.id, in: store) == ["hello", "hi"])
        #expect(session.messageCount == before.messageCount)
        #expect(session.totalTokens == before.totalTokens)
        #expect(session.toolCalls == 1)
    }

    @Sendable private static func withdrawsStepsSetAside(_ store: any Store) async throws {
        try await StoreSamples.turn("1", in: store)
        let (turn, entry) = try await again("2", in: store)
        try await step(turn, in: store, at: 31)
        for _ in 0..<3 { _ = try await StoreSamples.retry(entry, in: store) }
        #expect(try await store.unfinished(after: nil, limit: 9).isEmpty)
        #expect(try await StoreSamples.texts(of: turn.session.id, in: store) == ["hello", "hi"])
    }

    @Sendable private static func replacesSteps(_ store: any Store) async throws {
        let turn = try await StoreSamples.begin("1", in: store)
        try await step(turn, in: store)
        _ = try await store.commit(turn.id, StoreSamples.result("old"), at: StoreSamples.at(3))
        let (second, _) = try await again("2", in: store)
        #expect(second.message.text == "hello")
        #expect(second.steps.isEmpty)
        try await step(second, in: store, at: 31)
        _ = try await store.commit(second.id, StoreSamples.result("new"), at: StoreSamples.at(32))
        let log = try await store.newestMessages(of: turn.session.id, limit: 9)
        #expect(log.map(\.text) == ["hello", "Let me see.", "42", "new"])
        #expect(log.map(\.seq) == [1, 5, 6, 7])
    }
}
