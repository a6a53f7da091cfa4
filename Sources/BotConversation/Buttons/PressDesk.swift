import BotCore
import Logging

/// Answers presses of buttons as soon as they are stored, before they wait for their turn: a client shows a press as under way until it is
/// answered, and a platform takes no answer after a while.
///
/// An answer that fails is let go: the press is handled all the same, and the client gives up by itself.
final class PressDesk: Sendable {
    private struct Answer {
        let event: InboundEvent
        let press: ButtonPress
        /// What the press is judged by; nil when that is not known.
        let facts: PressVerdict.Facts?
    }

    /// Presses that are answered at the same time.
    private static let atOnce = 16
    /// Presses that wait to be answered; more are handled without an answer.
    private static let waitingLimit = 200

    private let services: ConversationServices
    private let answers: AsyncStream<Answer>
    private let queue: AsyncStream<Answer>.Continuation

    init(services: ConversationServices) {
        self.services = services
        (answers, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingLimit))
    }

    /// Takes the presses among events that are stored, and looks up what they will do. To be awaited before the events go to their lanes: once
    /// a press has begun its turn, the answer that it was about is the newest no more.
    ///
    /// - Parameter isRecovered: an earlier run has taken them, and may have begun what they ask for: then nothing is said about that.
    func take(_ entries: [InboxEntry], isRecovered: Bool = false) async {
        for entry in entries {
            guard case .buttonPressed(let press) = entry.event.body else { continue }
            let facts = isRecovered ? nil : await facts(of: press, in: entry.event)
            queue.yield(Answer(event: entry.event, press: press, facts: facts))
        }
    }

    private func facts(of press: ButtonPress, in event: InboundEvent) async -> PressVerdict.Facts? {
        do throws(StoreError) {
            return try await services.facts(of: press, in: event)
        } catch {
            // What it does waits in its lane until the database works again.
            services.logger.debug("a press could not be looked up", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Answers presses until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var underWay = 0
            for await answer in answers {
                if underWay == Self.atOnce {
                    await group.next()
                    underWay -= 1
                }
                group.addTask { await self.give(answer) }
                underWay += 1
            }
            group.cancelAll()
        }
    }

    private func give(_ answer: Answer) async {
        var (notice, isOver) = (String?.none, false)
        switch await verdict(on: answer) {
        case .act: isOver = true
        case .outdated(let sentence): (notice, isOver) = (sentence, true)
        case .refuse(let sentence): notice = sentence
        case .askPlatform, nil: break
        }
        await services.delivery.answerPress(answer.press, of: answer.event, notice: notice)
        // Nobody needs to press it again.
        if isOver { await services.delivery.removeButtons(under: answer.press, of: answer.event) }
    }

    /// What the press will do; nil when that is not known. It may ask the platform, which intake does not wait for.
    private func verdict(on answer: Answer) async -> PressVerdict? {
        guard let facts = answer.facts else { return nil }
        let event = answer.event
        let verdict = PressVerdict.of(answer.press, by: event.speaker, isShared: event.isOfOthersToo, facts)
        guard verdict == .askPlatform else { return verdict }
        let known = await services.administrators.contain(
            event.speaker, in: event.scope, on: event.conversation.platform)
        return PressVerdict.of(
            answer.press, by: event.speaker, isShared: event.isOfOthersToo, facts, isAdministrator: known ?? false)
    }
}
