import BotConversation
import BotCore
import BotDiscord
import BotSessions
import BotTelegram

/// What each room gets of the configuration.
extension AppConfiguration {
    var sessionSettings: SessionSettings {
        SessionSettings(
            tokenLimit: sessions.tokenLimit, contextMaxMessages: sessions.contextMaxMessages,
            summarizeThreshold: sessions.summarizeThreshold, summaryMaxTokens: sessions.summaryMaxTokens,
            minMessagesToSummarize: sessions.minMessagesToSummarize, recallTokens: sessions.recallTokens,
            expiry: sessions.expiry, cleanupInterval: sessions.cleanupInterval,
            cacheMaxSessions: sessions.cacheMaxSessions, retention: sessions.retention)
    }

    var conversationSettings: ConversationSettings {
        ConversationSettings(
            groups: GroupsMode(rawValue: access.groups) ?? .mention,
            groupScope: GroupScope(rawValue: sessions.groupScope) ?? .chat, systemPrompt: model.systemPrompt,
            maxOutputTokens: model.maxOutputTokens, tools: model.tools, maxFileTokens: model.maxFileTokens,
            rates: limits, modelHosts: modelHosts, otherModels: model.fallbacks,
            rights: Rights(open: Set(access.openCommands.compactMap { Deed.openable[$0] })), version: Version.current)
    }

    var accessLists: AccessLists {
        AccessLists(allow: access.allow, owners: access.owners, admins: access.admins, block: access.block)
    }

    /// Where what is said goes to, by provider; nil for this machine.
    private var modelHosts: [String: String?] {
        let addresses = ["openai": openai, "anthropic": anthropic, "ollama": ollama].mapValues(\.baseURL)
        return addresses.mapValues { EndpointAddress.isLoopback(url: $0) ? nil : EndpointAddress.host(of: $0) }
            .merging(["offline": nil]) { $1 }
    }

    var telegramSettings: TelegramConfiguration? {
        telegram.botToken.map { token in
            TelegramConfiguration(
                botToken: token, apiBaseURL: telegram.apiBaseURL, pollTimeout: telegram.pollTimeout,
                streaming: TelegramConfiguration.Streaming(rawValue: telegram.streaming) ?? .auto,
                hearsEverything: access.groups == "all")
        }
    }

    var discordSettings: DiscordConfiguration? {
        discord.botToken.map { token in
            DiscordConfiguration(
                botToken: token, apiBaseURL: discord.apiBaseURL, messageContentIntent: discord.messageContentIntent,
                streaming: DiscordConfiguration.Streaming(rawValue: discord.streaming) ?? .auto,
                hearsEverything: access.groups == "all", answersInServers: access.groups != "off",
                answerInThread: discord.answerInThread, channels: Set(discord.channels))
        }
    }

    /// The control socket beside the database.
    var controlSocket: String {
        let folder = storagePath.lastIndex(of: "/").map { String(storagePath[...$0]) } ?? ""
        let name = storagePath.split(separator: "/").last.map(String.init) ?? storagePath
        let stem = name.hasSuffix(".db") ? String(name.dropLast(3)) : name
        return "\(folder)\(stem).sock"
    }
}
