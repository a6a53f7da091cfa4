import BotCore
import BotSessions

/// `/undo`: takes the last `/reset` back, or else the last exchange. It waits for its turn, so that no running turn is cut off by it.
struct UndoCommand: Command {
    static let description = CommandDescription(
        name: "undo", summary: "Take back the last /reset (within 24 hours), or else the last exchange")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let (delivery, platform) = (services.delivery, call.key.platform)
        let request = CommandRequest(conversation: .key(call.key), event: call.entry.id, at: services.time.now)
        let outcome = try await services.sessions.undo(request) {
            delivery.render(Self.confirmation(of: $0), for: platform)
        }
        delivery.enqueue(outcome.rows)
        return .done
    }

    static func confirmation(of undone: Undone) -> String {
        switch undone {
        case .reset(let messages): "Done. I remember \(ResetCommand.count(messages, "message")) again."
        case .exchange(let messages, let question):
            "Done. I took back \(ResetCommand.count(messages, "message")), from \u{201C}\(start(of: question))\u{201D} on."
        case .nothing: "There is nothing to take back."
        }
    }

    /// The beginning of a message, on one line.
    private static func start(of text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 60 ? "\(line.prefix(60))\u{2026}" : line
    }
}
