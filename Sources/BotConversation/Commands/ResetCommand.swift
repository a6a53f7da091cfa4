import BotCore
import BotSessions

/// `/reset`: clears the conversation's context, around the queue, and confirms before anything else.
struct ResetCommand: Command {
    static let name = "reset"
    static let description = CommandDescription(
        name: name, summary: "Forget this conversation and start afresh (/undo takes it back for 24 hours)")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .reset, for: call.event) { return .say(refusal) }
        let (delivery, platform) = (services.delivery, call.key.platform)
        let event = call.entry.id
        let request = CommandRequest(
            conversation: .key(call.key), event: event, at: services.time.now, person: call.event.asker)
        let outcome = try await services.sessions.reset(request, stopped: RenderedChunk(text: AnswerText.stopped)) {
            delivery.render(Self.confirmation(of: $0), for: platform)
                .adding($0.clearedMessages == 0 ? [] : AnswerButtons.ofReset(event))
        }
        services.carryOut(outcome)
        await services.letGo(before: call.entry.id, in: call.key)
        return .done
    }

    static func confirmation(of summary: ResetSummary) -> String {
        let dropped = summary.droppedEvents
        var text: String
        if summary.clearedMessages == 0 && dropped == 0 {
            return "There was nothing to forget: we start afresh."
        }
        text = "Done. I have forgotten \(count(summary.clearedMessages, "message")) of this conversation"
        text += dropped == 0 ? "." : " and dropped \(count(dropped, "message")) that still waited for an answer."
        return text + " /undo takes this back within 24 hours."
    }

    static func count(_ number: Int, _ noun: String) -> String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}
