import BotCore

/// `/invite`: makes a code that lets people in, and on Telegram a link with it.
struct InviteCommand: Command {
    static let description = CommandDescription(
        name: "invite", summary: "Owner: make an invite that lets somebody in",
        argument: "For how many people, 1 to 100", place: .direct)

    private static let mostUses = 100

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .people, for: call.event) { return .say(refusal) }
        guard services.isPrivate(call.event) else { return .say(PeopleCommand.inPrivate) }
        let words = call.arguments.split(whereSeparator: \.isWhitespace)
        let uses = words.isEmpty ? 1 : words.count == 1 ? Int(words[0]) : nil
        guard let uses, (1...Self.mostUses).contains(uses) else {
            return .say("Send /invite, or /invite and for how many people: 1 to \(Self.mostUses).")
        }
        let maker = call.event.person ?? call.key.platform.rawValue
        guard let code = try await services.access.makeInvite(uses: uses, by: maker) else {
            return .say("Too many invites are open; each ends after 7 days. Use one of those, please.")
        }
        return .say(Self.text(code, uses: uses, link: services.delivery.startLink(with: code, on: call.key.platform)))
    }

    static func text(_ code: String, uses: Int, link: String?) -> String {
        let people = uses == 1 ? "one person" : "\(uses) people"
        let how =
            link.map { "They open this link and press Start:\n\n\($0)" }
            ?? "They send me this in private:\n\n/start \(code)"
        return """
            Pass this on: it lets in \(people), within 7 days. Whoever has it can use it, so give it only to whom you mean.

            \(how)
            """
    }
}

extension ConversationServices {
    /// Whether only the person who asked sees the answer to a command: in private, and on Discord in servers too, where it is a slash command.
    func isPrivate(_ event: InboundEvent) -> Bool {
        !event.scope.isShared || delivery.awaitsAnswer(at: event.replyAddress, on: event.conversation.platform)
    }
}
