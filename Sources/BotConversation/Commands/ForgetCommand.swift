import BotCore
import BotSessions

/// `/forget`: erases the conversation for good, around the queue, once that was confirmed.
struct ForgetCommand: Command {
    static let name = "forget"
    static let description = CommandDescription(
        name: name, summary: "Erase this conversation for good; I say first what that is",
        argument: "yes, to erase it")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    /// Whether the arguments say that it is meant.
    static func isConfirmed(by arguments: String) -> Bool {
        InboundEvent.Body.command(name: name, arguments: arguments).clearsChat
    }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        // Nobody may erase what others have said; who may is the owner's to say.
        if let refusal = await services.refusal(of: .forget, for: call.event) { return .say(refusal) }
        guard Self.isConfirmed(by: call.arguments) else {
            let holdings = try await services.sessions.holdings(of: .key(call.key))
            return .say(Self.question(about: holdings))
        }
        let (delivery, platform) = (services.delivery, call.key.platform)
        let request = CommandRequest(conversation: .key(call.key), event: call.entry.id, at: services.time.now)
        let outcome = try await services.sessions.forget(request, stopped: RenderedChunk(text: AnswerText.stopped)) {
            delivery.render(Self.confirmation(of: $0), for: platform)
        }
        services.carryOut(outcome)
        await services.letGo(before: call.entry.id, in: call.key)
        return .done
    }

    // MARK: - Texts

    /// What would be erased, and how to say that it is meant.
    static func question(about holdings: Holdings) -> String {
        guard let since = holdings.since else {
            return "There is nothing to erase: I keep no message of this conversation."
        }
        return """
            This would erase all that I keep of this conversation, for good: \(what(holdings.messages, holdings.summaries)), \
            since \(since.day). What /reset cleared and /undo took back counts too; neither can bring anything back.

            To erase it, send /\(name) yes
            """
    }

    static func confirmation(of forgotten: Forgotten) -> String {
        if forgotten.messages == 0, forgotten.summaries == 0, forgotten.droppedEvents == 0 {
            return "There was nothing to erase: I kept no message of this conversation."
        }
        var text = "Done. I have erased \(what(forgotten.messages, forgotten.summaries)) of this conversation for good"
        if forgotten.droppedEvents > 0 {
            text += ", and dropped \(ResetCommand.count(forgotten.droppedEvents, "message")) that still waited"
        }
        return text + """
            .

            I cannot reach the messages in this chat itself, copies of my database that were made before, and what the \
            model's provider was sent. My log files hold no texts.
            """
    }

    private static func what(_ messages: Int, _ summaries: Int) -> String {
        let what = ResetCommand.count(messages, "message")
        if summaries == 0 { return what }
        return "\(what) and \(summaries == 1 ? "1 summary" : "\(summaries) summaries")"
    }
}
