import BotConversation
import BotCore
import BotHTTP
import BotModels
import Logging

/// Who answers, by `model.provider`, `model.fallbacks` and `model.choices`.
struct ModelSelection: ModelDirectory {
    /// The provider, repeating what fails in passing, and with others in its place where it fails for good.
    let standard: any ModelProvider
    let choices: [String]
    /// The choices by their names, each with the same behind it.
    private let alternatives: [String: any ModelProvider]
    /// The cheaper model that writes summaries, on the same server; nil when none was chosen.
    let summarizer: (any ModelProvider)?
    /// Who answers where a budget is spent (`budgets.cheaperModel`); nil where nobody does.
    let cheaper: (any ModelProvider)?
    /// What the start says about it.
    let plan: String
    private let search: AutoProvider?
    /// The server that was chosen; nil for the built-in responder and while there is none.
    private let server: ChatProvider?

    /// - Parameter budgets: each request is reserved there.
    /// - Parameter observe: hears of each request, its repeats counted as one, whether it was answered (nil) and by whom.
    init(
        _ configuration: AppConfiguration, http: HTTPClient, budgets: BudgetKeeper, time: any TimeSource,
        logger: Logger,
        observe: @escaping @Sendable (ModelError?, String) -> Void
    ) {
        func make(_ settings: ChatServerSettings) -> ChatProvider {
            ChatProvider(settings: settings, http: http, time: time, logger: logger)
        }
        @Sendable func counted(_ provider: ChatProvider) -> BudgetedProvider {
            BudgetedProvider(provider, budgets: budgets)
        }
        let servers = ModelServers(configuration)
        var search: AutoProvider?
        let first: any ModelProvider
        let chosen = Self.chosen(configuration)
        if chosen == "offline" {
            (first, server) = (OfflineResponder(), nil)
            plan = "the built-in responder, which is no language model"
        } else if let settings = servers[chosen] {
            let provider = make(settings)
            (first, server) = (counted(provider), provider)
            plan = Self.words(for: settings)
        } else {
            let candidates = servers.local.map(make)
            let auto = AutoProvider(time: time, logger: logger) {
                await LocalServers.first(of: candidates).map(counted)
            }
            (first, server, search) = (auto, nil, auto)
            let addresses = servers.local.map { "\($0.name) at \($0.baseURL)" }.joined(separator: ", ")
            plan = "none set: the built-in responder answers until one of these is found: \(addresses)"
        }
        let fallbacks = configuration.model.fallbacks.compactMap { name in
            servers[name].map { (name, counted(make($0))) }
        }
        func chain(_ first: any ModelProvider, named name: String?) -> any ModelProvider {
            let others = fallbacks.filter { $0.0 != name }.map(\.1)
            // Where others wait, nobody has to wait long for the first one.
            let policy = RetryingProvider.Policy(attempts: others.isEmpty ? 4 : 2)
            func patient(_ provider: any ModelProvider) -> ObservedProvider {
                ObservedProvider(
                    RetryingProvider(provider, policy: policy, time: time, logger: logger), observe: observe)
            }
            return others.isEmpty
                ? patient(first) : FallbackProvider(patient(first), then: others.map { patient($0) }, logger: logger)
        }
        standard = chain(first, named: nil)
        var (names, providers): ([String], [String: any ModelProvider]) = ([], [:])
        for name in configuration.model.choices where providers[name] == nil {
            guard let settings = servers[name] else { continue }
            names.append(name)
            providers[name] = chain(counted(make(settings)), named: name)
        }
        (choices, alternatives) = (names, providers)
        summarizer = Self.summaryServer(configuration, servers, chosen: chosen).map {
            ObservedProvider(counted(make($0)), observe: observe)
        }
        cheaper = configuration.budgets.cheaper.flatMap { servers[$0] }.map { settings in
            ObservedProvider(
                RetryingProvider(counted(make(settings)), time: time, logger: logger), observe: observe)
        }
        self.search = search
    }

    func provider(named name: String) -> (any ModelProvider)? { alternatives[name] }

    /// Looks for a model while there is none; returns at once when one was chosen.
    func run() async { await search?.run() }

    /// Asks the chosen server for its models, for 10 s at most.
    ///
    /// - Returns: what is wrong and what to do, in one sentence; nil when all is well or when there is nobody to ask.
    func findProblem() async -> String? {
        guard let server else { return nil }
        do throws(ModelError) {
            _ = try await server.listModels(deadline: .seconds(10))
            return nil
        } catch .unauthorized {
            return "\(plan): it does not accept the key; set \(server.name.prefix { $0 != "/" }).apiKey"
        } catch .network, .timedOut {
            return "\(plan): it cannot be reached; check the address and this machine's network"
        } catch {
            // A server without a list of models may well answer, and one that is busy now is well.
            return nil
        }
    }

    /// The provider by its name; "auto" where it has to be looked for.
    private static func chosen(_ configuration: AppConfiguration) -> String {
        guard configuration.model.provider == "auto" else { return configuration.model.provider }
        // A server of one's own needs no key: naming its address is choosing it.
        if configuration.openai.apiKey != nil
            || configuration.openai.baseURL != ConfigurationTable.key(at: "openai.baseURL")?.defaultText
        {
            return "openai"
        }
        return configuration.anthropic.apiKey == nil ? "auto" : "anthropic"
    }

    private static func summaryServer(
        _ configuration: AppConfiguration, _ servers: ModelServers, chosen: String
    ) -> ChatServerSettings? {
        guard !configuration.sessions.summaryModel.isEmpty else { return nil }
        var settings = servers[chosen] ?? servers["ollama"]
        settings?.model = configuration.sessions.summaryModel
        return settings
    }

    private static func words(for settings: ChatServerSettings) -> String {
        "\(settings.model.isEmpty ? "the best model that there is" : settings.model) at \(settings.baseURL)"
    }
}
