import BotCore
import BotSessions

/// `/privacy`: says in plain words what is kept, where and how long, and who sees it.
struct PrivacyCommand: Command {
    static let description = CommandDescription(
        name: "privacy", summary: "Say what I keep, where and how long, and who sees it")

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let session = try await services.sessions.session(of: call.key)
        let standard = services.models.provider(of: session)
        let model = services.lastModels.withLock { $0[services.models.choice(of: session)] } ?? standard.name
        return .say(
            Self.text(
                facts: Facts(
                    model: model, others: services.settings.otherModels, hosts: services.settings.modelHosts,
                    retention: services.sessions.settings.retention,
                    isOfOthersToo: call.event.isOfOthersToo), on: call.key.platform))
    }

    // MARK: - Texts

    struct Facts {
        /// The model that answers here, as `openai/gpt-5`.
        let model: String
        /// Those that may see the same, where it fails.
        let others: [String]
        /// The hosts of providers, by the names of these; nil for this machine.
        let hosts: [String: String?]
        let retention: Duration?
        let isOfOthersToo: Bool
    }

    static func text(facts: Facts, on platform: Platform) -> String {
        let whose = facts.isOfOthersToo ? "what is written to me here and who wrote it" : "what you write to me"
        var kept = "**What I keep:** \(whose), my answers, summaries of older messages, and how many tokens they cost."
        if let name = name(of: platform) { kept += " Of files and pictures I keep only where \(name) has them." }
        let days = facts.retention.map { Int($0 / .seconds(86_400)) }
        let long =
            days.map {
                "What is older than \($0 == 1 ? "a day" : "\($0) days") I delete, and with it what summaries say of it."
            } ?? "I keep it until somebody deletes it."
        return [
            kept,
            "**Where:** in one file on the machine of the person who runs me, my owner, who can read it. My log holds no texts.",
            """
            **How long:** \(long) What /reset clears goes a day later; /forget erases at once. How many tokens each person \
            and chat has used I keep until the month is over, so that budgets hold.
            """,
            "**Who else sees it:** \(readers(facts, platform))",
            "**Yours:** /export gives you the conversation as a file, /summary shows what I made of it, /forget erases it.",
        ].joined(separator: "\n\n")
    }

    private static func readers(_ facts: Facts, _ platform: Platform) -> String {
        let others = facts.others.filter { $0 != facts.model }
        var text = "each question goes to the model that answers it, with as much of the conversation as it needs: "
        text += place(of: facts.model, facts, platform)
        if !others.isEmpty {
            text +=
                "; and where that fails, to " + others.map { place(of: $0, facts, platform) }.joined(separator: ", ")
        }
        text += "."
        if !([facts.model] + others).allSatisfy({ isHere($0, facts) }) { text += " What they keep is for them to say." }
        if let name = name(of: platform) { text += " And \(name) has this chat, as it has all." }
        return text
    }

    private static func isHere(_ model: String, _ facts: Facts) -> Bool {
        if case .some(.none) = facts.hosts[provider(of: model)] { return true }
        return false
    }

    private static func provider(of model: String) -> String {
        model.split(separator: "/").first.map(String.init) ?? model
    }

    private static func place(of model: String, _ facts: Facts, _ platform: Platform) -> String {
        let name = Excerpt.literal(model, on: platform)
        switch facts.hosts[provider(of: model)] {
        case .some(.some(let host)): return "\(name) at \(Excerpt.literal(host, on: platform))"
        case .some(.none): return "\(name) on my own machine"
        case .none: return name
        }
    }

    /// What people call a platform that keeps chats itself.
    private static func name(of platform: Platform) -> String? {
        switch platform {
        case .telegram: "Telegram"
        case .discord: "Discord"
        default: nil
        }
    }
}
