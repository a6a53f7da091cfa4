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
        // What the configuration says of an entry holds, whatever is stored.
        let stored = grants.filter { lists.key(of: $0.entry) == nil }
        func section(_ title: String, _ entries: [String], key: String, _ role: AccessRole) -> String? {
            let configured = entries.filter { lists.key(of: $0) == key }.map { entry in
                "- \(entry == AccessEntry.everyone ? "everyone" : entry), by \(key) of the configuration"
            }
            let own = stored.filter { $0.role == role }.map { grant in
                "- \(AdmissionText.subject(grant.entry, grant.name)), since \(grant.grantedAt.day), \(maker(grant, names))"
            }
            return list(title, configured + own)
        }
        let sections = [
            section("Owners:", lists.owners, key: "access.owners", .owner),
            section("Admins:", lists.admins, key: "access.admins", .admin),
            section("Let in:", lists.allow, key: "access.allow", .member),
            section("Blocked:", lists.block, key: "access.block", .blocked),
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

    private static func maker(_ grant: AccessGrant, _ names: [String: String]) -> String {
        if grant.grantedBy == "pairing" { return "by the start code" }
        return "by \(AdmissionText.subject(grant.grantedBy, names[grant.grantedBy] ?? ""))"
    }
}
