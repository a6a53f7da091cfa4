import BotCore

/// `/people`: who may talk, since when, and by whom; and who waits for a decision.
struct PeopleCommand: Command {
    static let description = CommandDescription(
        name: "people", summary: "Owner: list who may talk to me, and who asks to", place: .direct)

    static let inPrivate = "Please ask me that in private: others would read it here."
    /// The most of one kind that are listed.
    private static let limit = 100

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .people, for: call.event) { return .say(refusal) }
        guard services.isPrivate(call.event) else { return .say(Self.inPrivate) }
        let grants = try await services.access.grants()
        let open = try await services.store.openAdmissions(AdmissionRules(), at: services.time.now)
        return .say(Self.text(services.access.lists, grants, open))
    }

    // MARK: - Texts

    static func text(_ lists: AccessLists, _ grants: [AccessGrant], _ open: [AdmissionRequest]) -> String {
        let names = Dictionary(grants.map { ($0.entry, $0.name) }) { $1 }
        let lines = PeopleList.lines(lists, grants)
        func section(_ title: String, _ role: AccessRole) -> String? {
            list(title, lines.filter { $0.role == role }.map { line(of: $0, names) })
        }
        let sections = [
            section("Owners:", .owner),
            section("Admins:", .admin),
            section("Let in:", .member),
            section("Blocked:", .blocked),
            list(
                "Waiting for a decision:",
                open.map {
                    "- \(AdmissionText.subject($0.entry, $0.name)), since \($0.askedAt.day): /allow \($0.entry)"
                }),
        ].compactMap(\.self)
        if sections.isEmpty { return "Nobody may talk to me yet but who sits at my machine." }
        let end = open.isEmpty ? [] : ["/deny and /block work like /allow."]
        return (sections + end).joined(separator: "\n\n")
    }

    private static func list(_ title: String, _ lines: [String]) -> String? {
        if lines.isEmpty { return nil }
        let rest = lines.count > limit ? ["- and \(lines.count - limit) more"] : []
        return ([title] + lines.prefix(limit) + rest).joined(separator: "\n")
    }

    private static func line(of line: PeopleLine, _ names: [String: String]) -> String {
        guard let since = line.since else {
            return
                "- \(line.entry == AccessEntry.everyone ? "everyone" : line.entry), by \(line.by) of the configuration"
        }
        let maker =
            line.by == "pairing" ? "the start code" : AdmissionText.subject(line.by, names[line.by] ?? "")
        return "- \(AdmissionText.subject(line.entry, line.name)), since \(since.day), by \(maker)"
    }
}
