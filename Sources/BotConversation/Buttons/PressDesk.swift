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
        /// What the press will do; nil when that is not known.
        let verdict: PressVerdict?
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
            let verdict = isRecovered ? nil : await verdict(on: press, of: entry.event)
            queue.yield(Answer(event: entry.event, press: press, verdict: verdict))
        }
    }

    private func verdict(on press: ButtonPress, of event: InboundEvent) async -> PressVerdict? {
        do throws(StoreError) {
            let facts = try await services.facts(of: press, in: event)
            return PressVerdict.of(press, by: event.speaker, in: event.scope, facts)
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
        var notice: String?
        if case .refuse(let sentence) = answer.verdict { notice = sentence }
        await services.delivery.answerPress(answer.press, of: answer.event, notice: notice)
        // Nobody needs to press it again.
        if case .act = answer.verdict { await services.delivery.removeButtons(under: answer.press, of: answer.event) }
    }
}
