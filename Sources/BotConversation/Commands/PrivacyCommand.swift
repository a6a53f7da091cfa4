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
                    isOfOthersToo: call.isOfOthersToo), on: call.key.platform))
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
        let others = facts.others.filter { $0 != facts.model }
        var readers = "Each question goes to the model that answers it, with as much of the conversation as it needs: "
        readers += place(of: facts.model, facts, platform)
        if !others.isEmpty {
            readers += "; and where that fails, to "
            readers += others.map { place(of: $0, facts, platform) }.joined(separator: ", ")
        }
        let whose = facts.isOfOthersToo ? "what is written to me here and who wrote it" : "what you write to me"
        let days = facts.retention.map { Int($0 / .seconds(86_400)) }
        let long =
            days.map {
                "What is older than \($0 == 1 ? "a day" : "\($0) days") I delete, and with it what summaries say of it."
            }
            ?? "I keep it until somebody deletes it."
        return """
            **What I keep:** \(whose), my answers, summaries of older messages, and how many tokens they cost. Of files and \
            pictures I keep only where \(platformName(platform)) has them.

            **Where:** in one file on the machine of the person who runs me, my owner, who can read it. My log holds no texts.

            **How long:** \(long) What /reset clears goes a day later; /forget erases at once.

            **Who else sees it:** \(readers). What they keep is for them to say, and so is what \(platformName(platform)) keeps \
            of this chat.

            **Yours:** /export gives you the conversation as a file, /summary shows what I made of it, /forget erases it.
            """
    }

    private static func place(of model: String, _ facts: Facts, _ platform: Platform) -> String {
        let name = Excerpt.literal(model, on: platform)
        let provider = model.split(separator: "/").first.map(String.init) ?? model
        switch facts.hosts[provider] {
        case .some(.some(let host)): return "\(name) at \(Excerpt.literal(host, on: platform))"
        case .some(.none): return "\(name) on my own machine"
        case .none: return name
        }
    }

    private static func platformName(_ platform: Platform) -> String {
        switch platform {
        case .telegram: "Telegram"
        case .discord: "Discord"
        default: "the place where you write"
        }
    }
}
