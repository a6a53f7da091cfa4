import BotCore
import BotSessions

/// `/undo`: takes the last `/reset` back. It waits for its turn, so that no running turn is cut off by it.
struct UndoCommand: Command {
    static let description = CommandDescription(name: "undo", summary: "Take the last /reset back, within 24 hours")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let (delivery, platform) = (services.delivery, call.key.platform)
        let request = CommandRequest(conversation: .key(call.key), event: call.entry.id, at: services.time.now)
        let outcome = try await services.sessions.undoReset(request) {
            delivery.render(Self.confirmation(of: $0), for: platform)
        }
        switch outcome {
        case .restored(messages: _, session: _, let rows), .nothing(let rows): delivery.enqueue(rows)
        }
        return .done
    }

    /// - Parameter restored: the messages that are back; nil when there was nothing to take back.
    static func confirmation(of restored: Int?) -> String {
        guard let restored else { return "There is no /reset of the last 24 hours to take back." }
        return "Done. I remember \(ResetCommand.count(restored, "message")) again."
    }
}
