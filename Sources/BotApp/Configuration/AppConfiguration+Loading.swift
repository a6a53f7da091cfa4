import BotConversation
import BotCore
import Foundation

extension AppConfiguration {
    /// The file that is read when none is named and it exists.
    package static let defaultFile = "config.json"

    /// Puts the configuration together from its sources and checks it whole.
    ///
    /// - Parameters:
    ///   - path: the file that the owner named; it must exist then. Nil takes `config.json` if it is there.
    ///   - options: values by key from the command line; they stand above the environment, and that above the file.
    ///   - environment: the variables of the process.
    /// - Throws: `ConfigurationError`, one line with the key, the place and the mend.
    package static func load(
        path: String?, options: [String: String], environment: [String: String]
    ) throws(ConfigurationError) -> AppConfiguration {
        let name = path ?? defaultFile
        let hasFile = path != nil || FileManager.default.fileExists(atPath: name)
        let file = hasFile ? try ConfigurationFile(path: name) : nil
        let source = try ConfigurationSource(options: options, environment: environment, file: file)
        var configuration = AppConfiguration(source)
        configuration.file = hasFile ? name : nil
        try configuration.check(
            insecureHosts: source.strings("network.insecureHosts"), prices: source.strings("budgets.prices"))
        return configuration
    }

    private init(_ source: ConfigurationSource) {
        func token(_ platform: String) -> Secret? {
            source.bool("\(platform).enabled") ? Secret(source.string("\(platform).botToken").trimmingBlanks()) : nil
        }
        func optional(_ path: String) -> String? {
            let text = source.string(path)
            return text.isEmpty ? nil : text
        }
        telegram = Telegram(
            botToken: token("telegram"), apiBaseURL: source.string("telegram.apiBaseURL").withoutTrailingSlash,
            pollTimeout: .seconds(source.int("telegram.pollTimeoutSeconds")),
            streaming: source.string("telegram.streaming"))
        discord = Discord(
            botToken: token("discord"), apiBaseURL: source.string("discord.apiBaseURL").withoutTrailingSlash,
            messageContentIntent: source.bool("discord.messageContentIntent"),
            streaming: source.string("discord.streaming"), answerInThread: source.bool("discord.answerInThread"),
            channels: source.strings("discord.channels"))
        model = Model(
            provider: source.string("model.provider"), fallbacks: source.strings("model.fallbacks"),
            choices: source.strings("model.choices"),
            systemPrompt: source.string("model.systemPrompt"),
            maxOutputTokens: source.int("model.maxOutputTokens"),
            tools: source.bool("model.tools"),
            maxFileTokens: source.int("model.maxFileTokens"),
            contextWindow: source.intUnlessAuto("model.contextWindow"),
            firstTokenTimeout: source.isSet("model.firstTokenTimeoutSeconds")
                ? .seconds(source.int("model.firstTokenTimeoutSeconds")) : nil,
            idleTimeout: .seconds(source.int("model.idleTimeoutSeconds")))
        openai = Endpoint(
            apiKey: Secret(source.string("openai.apiKey").trimmingBlanks()),
            baseURL: source.string("openai.baseURL").withoutTrailingSlash, model: source.string("openai.model"))
        anthropic = Endpoint(
            apiKey: Secret(source.string("anthropic.apiKey").trimmingBlanks()),
            baseURL: source.string("anthropic.baseURL").withoutTrailingSlash, model: source.string("anthropic.model"))
        ollama = Endpoint(
            apiKey: nil, baseURL: OllamaHost.url(from: source.string("ollama.host")),
            model: source.string("ollama.model"))
        sessions = Sessions(
            tokenLimit: source.int("sessions.tokenLimit"),
            contextMaxMessages: source.int("sessions.contextMaxMessages"),
            summarizeThreshold: source.double("sessions.summarizeThreshold"),
            summaryMaxTokens: source.int("sessions.summaryMaxTokens"),
            summaryModel: source.string("sessions.summaryModel"),
            minMessagesToSummarize: source.int("sessions.minMessagesToSummarize"),
            recallTokens: source.int("sessions.recallTokens"),
            expiry: .seconds(source.int("sessions.expirySeconds")),
            cleanupInterval: .seconds(source.int("sessions.cleanupIntervalSeconds")),
            cacheMaxSessions: source.int("sessions.cacheMaxSessions"),
            groupScope: source.string("sessions.groupScope"),
            retention: source.int("sessions.retentionDays") == 0
                ? nil : .seconds(86_400 * source.int("sessions.retentionDays")))
        access = Access(
            allow: source.strings("access.allow"), owners: source.strings("access.owners"),
            admins: source.strings("access.admins"), block: source.strings("access.block"),
            groups: source.string("access.groups"), openCommands: source.strings("access.openCommands"))
        limits = RateLimits(
            person: RateLimit(burst: source.int("limits.personBurst"), perMinute: source.int("limits.personPerMinute")),
            chat: RateLimit(burst: source.int("limits.chatBurst"), perMinute: source.int("limits.chatPerMinute")))
        budgets = Budgets(source)
        http = HTTP(
            enabled: source.bool("http.enabled"), host: source.string("http.host"), port: source.int("http.port"),
            portIsChosen: source.isSet("http.port"), token: Secret(source.string("http.token")))
        network = Network(proxy: Secret(source.string("network.proxy")), caFile: optional("network.caFile"))
        storagePath = source.string("storage.path")
        log = Log(
            level: source.string("log.level"), path: source.string("log.path"), format: source.string("log.format"),
            maxBytes: source.int("log.maxBytes"), keepFiles: source.int("log.keepFiles"))
    }

    /// Checks what concerns several keys, or more than a type.
    private func check(insecureHosts: [String], prices: [String]) throws(ConfigurationError) {
        let addresses = [
            ("telegram.apiBaseURL", telegram.apiBaseURL), ("discord.apiBaseURL", discord.apiBaseURL),
            ("openai.baseURL", openai.baseURL), ("anthropic.baseURL", anthropic.baseURL),
            ("ollama.host", ollama.baseURL),
        ]
        for (path, address) in addresses {
            try EndpointAddress.check(address, path: path, insecureHosts: insecureHosts)
        }
        try checkPeople()
        for channel in discord.channels where UInt64(channel) == nil {
            throw ConfigurationError(
                "discord.channels: \(channel) is no id of a channel; it is a number, as 1300000000000000001 "
                    + "(in Discord: Settings, Advanced, Developer Mode; then Copy Channel ID)")
        }
        if !discord.channels.isEmpty, !discord.messageContentIntent {
            throw ConfigurationError(
                "discord.channels needs the text of all messages there: set discord.messageContentIntent to true, and switch on "
                    + "\"Message Content Intent\" at https://discord.com/developers/applications (Bot)")
        }
        if http.enabled, http.token == nil, !EndpointAddress.isLoopback(host: http.host) {
            throw ConfigurationError(
                "http.host \(http.host) can be reached by others: set http.token, or use 127.0.0.1")
        }
        try checkProviders()
        try checkBudgets(prices: prices)
        if let caFile = network.caFile, !FileManager.default.isReadableFile(atPath: caFile) {
            throw ConfigurationError("network.caFile: \(caFile) cannot be read")
        }
    }

    private func checkPeople() throws(ConfigurationError) {
        for entry in access.allow where !AllowEntry.isLegal(entry) {
            throw ConfigurationError(
                "access.allow: \(entry) is no entry; use telegram:123, telegram:chat:-100123, discord:456, "
                    + "discord:guild:789, discord:role:1011 or *")
        }
        for entry in access.block where !AllowEntry.isLegal(entry) || entry == "*" {
            throw ConfigurationError(
                "access.block: \(entry) is no entry; use telegram:123, telegram:chat:-100123, discord:456, "
                    + "discord:guild:789 or discord:role:1011")
        }
        for (path, entries) in [("access.owners", access.owners), ("access.admins", access.admins)] {
            for entry in entries where !AllowEntry.isPerson(entry) {
                throw ConfigurationError("\(path): \(entry) is no person's entry; use telegram:123 or discord:456")
            }
        }
        for name in access.openCommands where Deed.openable[name] == nil {
            throw ConfigurationError(
                "access.openCommands: \(name) cannot be opened; use "
                    + Deed.openable.keys.sorted().joined(separator: ", "))
        }
    }

    private func checkProviders() throws(ConfigurationError) {
        let names =
            [("model.provider", model.provider)] + model.fallbacks.map { ("model.fallbacks", $0) }
            + model.choices.map { ("model.choices", $0) }
            + [budgets.cheaper].compactMap { $0 }.map { ("budgets.cheaperModel", $0) }
        for (path, name) in names {
            switch name.prefix(while: { $0 != "/" }) {
            case "openai" where openai.apiKey == nil && openai.baseURL == "https://api.openai.com/v1":
                throw ConfigurationError(
                    "\(path) is \(name), but there is no key: set openai.apiKey or OPENAI_API_KEY")
            case "anthropic" where anthropic.apiKey == nil && anthropic.baseURL == "https://api.anthropic.com":
                throw ConfigurationError(
                    "\(path) is \(name), but there is no key: set anthropic.apiKey or ANTHROPIC_API_KEY")
            case "openai", "anthropic", "ollama": break
            case _ where path == "model.provider": break
            default:
                throw ConfigurationError(
                    "\(path): \(name) is no provider; use openai, anthropic or ollama, with a model behind a slash or without"
                )
            }
        }
    }
}

extension String {
    /// The address without slashes at its end, so that paths can be put behind it.
    fileprivate var withoutTrailingSlash: String {
        var text = self[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}
