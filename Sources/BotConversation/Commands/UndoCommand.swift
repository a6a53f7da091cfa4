import BotCore
import BotSessions

/// `/undo`: takes the last exchange or the last `/reset` back, whichever came last. It waits for its turn, so that no running turn is
/// cut off by it.
struct UndoCommand: Command {
    static let description = CommandDescription(
        name: "undo", summary: "Take back the last question and answer, or the last /reset within 24 hours")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .undo, for: call.event) { return .say(refusal) }
        let (delivery, platform) = (services.delivery, call.key.platform)
        let request = CommandRequest(conversation: .key(call.key), event: call.entry.id, at: services.time.now)
        let outcome = try await services.sessions.undo(request) {
            delivery.render(Self.confirmation(of: $0, on: platform), for: platform)
        }
        services.carryOut(outcome)
        return .done
    }

    static func confirmation(of undone: Undone, on platform: Platform) -> String {
        switch undone {
        case .nothing:
            return "There is nothing to take back."
        case .reset(let messages):
            return "Done. I remember \(ResetCommand.count(messages, "message")) again."
        case .exchange(let messages, let question):
            let words = Excerpt.beginning(of: QuestionText.ownWords(of: question))
            let from = words.isEmpty ? "" : ", from “\(Excerpt.literal(words, on: platform))” on"
            let what = ResetCommand.count(messages, "message")
            return """
                Done. I have taken back \(what)\(from): I am not shown \(messages == 1 ? "it" : "them") any more. \
                /undo once more takes back what came before.
                """
        }
    }
}
