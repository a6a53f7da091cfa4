import BotCore
import BotSessions
import Logging

/// The part of a turn that can be interrupted: the model answers, or calls tools, is told what they returned, and goes on, until it has
/// answered in words.
///
/// What is called goes into the log before it is called, and each result as it comes. A turn that is begun again therefore never calls again
/// what it had called: a call without a result is closed as interrupted.
struct AgentLoop: Sendable {
    /// What is told of a call whose result nobody knows.
    static let interrupted = "error: interrupted before there was a result; it may or may not have been carried out"

    let services: ConversationServices
    /// The model, for this turn.
    let provider: any ModelProvider

    /// - Parameters:
    ///   - media: what came with the message.
    ///   - control: takes what is said.
    func run(
        _ turn: Turn, of event: InboundEvent, showing media: TurnMedia = .none, control: TurnControl
    ) async -> TurnGeneration.Outcome {
        do throws(StoreError) {
            return try await answer(turn, of: event, showing: media, control: control)
        } catch {
            return .broken(error)
        }
    }

    private func answer(
        _ turn: Turn, of event: InboundEvent, showing media: TurnMedia, control: TurnControl
    ) async throws(StoreError) -> TurnGeneration.Outcome {
        guard var steps = try await closed(turn) else { return .gone }
        control.resume(after: steps)
        var plan = StepPlan(after: steps)
        var offer = TurnGeneration.Offer(tools: services.tools.descriptions)
        var generation = TurnGeneration(services: services, provider: provider)
        var account = Billing(
            person: AccessEntry.person(event.speaker.id, on: event.conversation.platform),
            chat: turn.session.key ?? event.conversation, promptTokens: 0, turn: turn.id)
        var beyond: FailedProvider?
        while true {
            offer.mayCall = plan.mayCall
            var outcome = await generation.run(
                turn, after: steps, showing: media, offering: offer, in: event.scope, paidBy: account
            ) { piece in
                services.delivery.preview(control.append(piece), of: turn.id)
            }
            if offer.isRefused(in: outcome, after: control.answer.current) {
                // Some server does not take tools although it is said to: an answer without them is better than none.
                services.logger.notice(
                    "tools were refused, asking without them", metadata: ["provider.name": "\(provider.name)"])
                offer.isWithheld = true
                continue
            }
            if case .failed(let error) = outcome, error.isOverBudget, !account.isSecondAllowance,
                let cheaper = services.cheaper
            {
                // A turn that has gone over to the cheaper model stays there.
                beyond = FailedProvider(name: generation.provider.name, error: error)
                generation = TurnGeneration(services: services, provider: cheaper.forOneTurn())
                account.isSecondAllowance = true
                continue
            }
            if let beyond { outcome = outcome.answered(inPlaceOf: beyond) }
            guard case .finished(let completion, let counted, notes: _) = outcome else { return outcome }
            let calls = plan.calls(of: completion, in: turn.id)
            if calls.isEmpty { return outcome }
            let cost = completion.usage.map {
                RequestCost(
                    usage: $0, counted: counted, model: completion.model,
                    person: event.scope.isShared ? event.speaker.id : nil)
            }
            control.endPart(as: completion.text)
            let step = plan.steps - 1
            let called = try await services.patiently { () async throws(StoreError) in
                try await services.sessions.appendCalls(
                    calls, saying: completion.text, by: completion.model, costing: cost, step: step, to: turn.id)
            }
            guard let called, let results = try await results(of: calls, in: turn) else { return .gone }
            steps += [called] + results
        }
    }

    /// Calls tools side by side; nil when a reset came first. The results are in the order of the calls.
    private func results(of calls: [ToolCall], in turn: Turn) async throws(StoreError) -> [SessionMessage]? {
        services.logger.debug(
            "tools called",
            metadata: ["turn.id": "\(turn.id)", "tools": "\(calls.map(\.name).joined(separator: ", "))"])
        let results = await withTaskGroup(of: (Int, Result<SessionMessage?, StoreError>).self) { group in
            for (place, call) in calls.enumerated() {
                group.addTask {
                    let text = await services.tools.result(of: call, in: turn)
                    do throws(StoreError) {
                        return (place, .success(try await append(text, of: call, in: turn)))
                    } catch { return (place, .failure(error)) }
                }
            }
            return await group.reduce(into: [Int: Result<SessionMessage?, StoreError>]()) { $0[$1.0] = $1.1 }
        }
        var messages: [SessionMessage] = []
        for place in calls.indices {
            guard let message = try results[place]?.get() else { return nil }
            messages.append(message)
        }
        return messages
    }

    /// The steps of an earlier attempt, with every call closed; nil when a reset came first.
    private func closed(_ turn: Turn) async throws(StoreError) -> [SessionMessage]? {
        let known = Set(turn.steps.compactMap(\.toolCallID))
        var steps = turn.steps
        for call in turn.steps.flatMap(\.toolCalls) where !known.contains(call.id) {
            guard let message = try await append(Self.interrupted, of: call, in: turn) else { return nil }
            steps.append(message)
        }
        return steps
    }

    private func append(
        _ text: String, of call: ToolCall, in turn: Turn
    ) async throws(StoreError) -> SessionMessage? {
        try await services.patiently { () async throws(StoreError) in
            try await services.sessions.appendResult(text, of: call, to: turn.id)
        }
    }
}

extension TurnGeneration.Outcome {
    /// The same with the word that it was answered in the place of another model.
    fileprivate func answered(inPlaceOf other: FailedProvider) -> TurnGeneration.Outcome {
        guard case .finished(var completion, let counted, let notes) = self else { return self }
        completion.inPlaceOf = other
        return .finished(completion, counted: counted, notes: notes)
    }
}
