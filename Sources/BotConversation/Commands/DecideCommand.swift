import BotCore

/// `/allow`, `/deny` and `/block`: an owner or an admin decides about a person, or about a group, server or role.
struct DecideCommand: Command {
    static let allow = CommandDescription(
        name: "allow", summary: "Owner: let somebody talk to me, or everybody in this group or server",
        argument: "A person by reply, mention or entry (telegram:123); nothing for all of this group or server")
    static let deny = CommandDescription(
        name: "deny", summary: "Owner: let somebody, or this group or server, talk to me no more",
        argument: "A person by reply, mention or entry (telegram:123); nothing for all of this group or server")
    static let block = CommandDescription(
        name: "block", summary: "Owner: be silent to somebody for good",
        argument: "A person by reply, mention or entry (telegram:123); nothing for all of this group or server")

    let verdict: AdmissionVerdict
    let services: ConversationServices

    var description: CommandDescription {
        switch verdict {
        case .allow: Self.allow
        case .deny: Self.deny
        case .block: Self.block
        }
    }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .people, for: call.event) { return .say(refusal) }
        let target = PeopleTarget(call.arguments, of: call.event)
        let subject: (entry: String, name: String)
        switch target.subject {
        case .none: return .say(howTo)
        case .unknown: return .say(Self.unknown)
        case .entry(let entry, let name): subject = (entry, DisplayName.cleaned(name))
        case .here(let space, let title): subject = (space, DisplayName.cleaned(title))
        }
        let isHere = if case .here = target.subject { true } else { false }
        if let objection = await objection(to: subject.entry, asAdmin: target.asAdmin, call) {
            return .say(objection)
        }
        let verdict = verdict
        try await services.decide(
            verdict, about: .entry(subject.entry, name: subject.name), as: target.asAdmin ? .admin : .member,
            by: call.entry
        ) { effect in
            isHere ? Self.confirmationHere(verdict, effect) : AdmissionText.effect(effect, of: verdict)
        }
        return .done
    }

    /// Why it cannot be done; nil when it can.
    private func objection(to entry: String, asAdmin: Bool, _ call: CommandCall) async -> String? {
        if asAdmin, verdict != .allow || !AccessEntry.isPerson(entry) {
            return "Only people can be made admins, with /allow admin and the person."
        }
        if let key = services.access.lists.key(of: entry) {
            let isBlock = key == "access.block"
            if isBlock != (verdict == .allow) {
                return "\(entry) is \(isBlock ? "blocked" : "let in") already, by \(key) of my configuration."
            }
            return """
                \(entry) stands in \(key) of my configuration, which stands above what is said here: it has to be taken out there.
                """
        }
        let role = services.access.role(of: entry)
        if role == .owner, verdict != .allow { return "\(entry) is my owner: that cannot be changed here." }
        if asAdmin || role == .admin && verdict != .allow {
            return await services.refusal(of: .admins, for: call.event)
        }
        return nil
    }

    // MARK: - Texts

    private static let unknown = """
        I cannot tell who that is. Reply to one of their messages with the command, or give one entry, such as telegram:123 or \
        discord:456; /people lists those I know.
        """

    private var howTo: String {
        let name = description.name
        switch verdict {
        case .allow:
            return """
                Send /allow in the group or server whose people I should answer, as a reply to somebody's message, or with an \
                entry: /allow telegram:123. With /allow admin and the person they decide about others too.
                """
        case .deny, .block:
            return "Send /\(name) as a reply to somebody's message, or with an entry: /\(name) telegram:123."
        }
    }

    private static func confirmationHere(_ verdict: AdmissionVerdict, _ effect: DecisionEffect) -> String {
        let before: AccessRole? = if case .done(let decided) = effect { decided.before } else { nil }
        switch verdict {
        case .allow: return "Done. I answer everybody here now."
        case .deny where before == .blocked: return "I am silent here already; /allow ends that."
        case .deny where before == nil: return "I answered only people here whom I know by name; that stays so."
        case .deny: return "Done. I answer only people here whom I know by name."
        case .block: return "Done. I am silent here, but to my owner and my admins. /allow ends that."
        }
    }
}
