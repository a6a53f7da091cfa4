import BotCore
import BotSessions

/// `/usage`: what this conversation has cost.
struct UsageCommand: Command {
    static let description = CommandDescription(
        name: "usage", summary: "Show how many tokens this conversation has cost", place: .direct)

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let parts = [try await ofConversation(call), try await ofPerson(call), try await ofAll(call)]
        return .say(parts.compactMap { $0 }.joined(separator: "\n\n"))
    }

    private func ofConversation(_ call: CommandCall) async throws(StoreError) -> String {
        guard let session = try await services.sessions.session(of: call.key) else { return Self.nothing }
        let isShared = call.event.scope.isShared
        let shares = try await services.sessions.usage(
            of: session.id, askedBy: isShared ? call.event.speaker.id : nil)
        return Self.text(of: shares, on: call.key.platform, isShared: isShared)
    }

    private func ofPerson(_ call: CommandCall) async throws(StoreError) -> String? {
        guard let budgets = services.budgets,
            let person = AccessEntry.person(call.event.speaker.id, on: call.key.platform)
        else { return nil }
        let uses = try await budgets.uses(person: person, chat: call.key)
        return SpendingText.own(
            try await budgets.spent(by: person), uses, isShared: call.event.scope.isShared)
    }

    /// What all have spent is for the owners' eyes, in private.
    private func ofAll(_ call: CommandCall) async throws(StoreError) -> String? {
        guard let budgets = services.budgets, call.standing == .owner, !call.event.scope.isShared else { return nil }
        let grants = try await services.store.grants()
        let names = Dictionary(grants.map { ($0.entry, DisplayName.cleaned($0.name)) }) { first, _ in first }
        return SpendingText.all(try await budgets.spending(limit: Self.most), try await budgets.usesOfAll()) { name in
            // A private chat on Telegram has the id of its person.
            let entries = ConversationKey(name).map {
                [AccessEntry.chat($0.chat, on: $0.platform), AccessEntry.person($0.chat, on: $0.platform)]
            }
            let known = names[name] ?? entries?.compactMap { $0.flatMap { names[$0] } }.first ?? ""
            return Excerpt.literal(known.isEmpty ? name : "\(known) (\(name))", on: call.key.platform)
        }
    }

    /// So many lines of each kind are shown at most.
    private static let most = 10

    // MARK: - Texts

    static let nothing = "This conversation has cost no tokens yet."

    static func text(of shares: [UsageShare], on platform: Platform, isShared: Bool) -> String {
        if shares.isEmpty { return nothing }
        var parts = [
            """
            What this conversation has cost, in tokens of prompts + answers:
            Today: \(words(shares.filter { $0.period == .today }))
            This month: \(words(shares.filter { $0.period != .earlier }))
            In all: \(words(shares))
            """
        ]
        let models = Dictionary(grouping: shares, by: \.model)
        if models.count > 1 {
            let lines = models.map { model, own in
                (model.map { Excerpt.literal($0, on: platform) } ?? "unknown", words(own))
            }
            parts.append("By model:\n" + lines.sorted { $0.0 < $1.0 }.map { "- \($0): \($1)" }.joined(separator: "\n"))
        }
        let summaries = shares.filter { $0.purpose == .summary }
        if !summaries.isEmpty { parts.append("Of that for summaries of older messages: \(words(summaries))") }
        if isShared { parts.append(personal(shares)) }
        parts.append(
            """
            These are the numbers that models report when an answer is whole; of one that was stopped none may be known. \
            Days are those of UTC.
            """)
        return parts.joined(separator: "\n\n")
    }

    private static func personal(_ shares: [UsageShare]) -> String {
        let own = shares.filter { $0.asker == .person }
        let text = """
            Of that for what you asked:
            Today: \(words(own.filter { $0.period == .today }))
            This month: \(words(own.filter { $0.period != .earlier }))
            In all: \(words(own))
            """
        let unknown = shares.filter { $0.asker == .unknown && $0.purpose == .answer }
        return unknown.isEmpty ? text : text + "\nFor people whom I had not noted: \(words(unknown))"
    }

    /// As `34,567 + 1,234 in 12 requests (20,000 from the provider's cache)`.
    private static func words(_ shares: [UsageShare]) -> String {
        let requests = shares.reduce(0) { $0 + $1.requests }
        if requests == 0 { return "nothing" }
        let prompts = shares.reduce(0) { $0 + $1.tokens.promptTokens }
        let answers = shares.reduce(0) { $0 + $1.tokens.completionTokens }
        let cached = shares.reduce(0) { $0 + $1.tokens.cachedTokens }
        let tokens = "\(prompts.grouped) + \(answers.grouped)"
        let counted = "\(requests.grouped) \(requests == 1 ? "request" : "requests")"
        return "\(tokens) in \(counted)" + (cached == 0 ? "" : " (\(cached.grouped) from the provider's cache)")
    }
}
