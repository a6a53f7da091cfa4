import BotApp
import BotCore
import BotTestSupport
import Foundation
import Testing

struct ConfigurationTests {
    /// Loads a configuration file with the given text, with the given environment and options.
    private func load(
        _ json: String?, environment: [String: String] = [:], options: [String: String] = [:]
    ) throws -> AppConfiguration {
        guard let json else { return try AppConfiguration.load(path: nil, options: options, environment: environment) }
        let file = FileManager.default.temporaryDirectory.appending(path: "config-\(UUID().uuidString).json")
        try Data(json.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try AppConfiguration.load(path: file.path, options: options, environment: environment)
    }

    private func error(_ json: String?, environment: [String: String] = [:], options: [String: String] = [:]) -> String?
    {
        do {
            _ = try load(json, environment: environment, options: options)
            return nil
        } catch let error as ConfigurationError {
            return error.description
        } catch {
            return "another error: \(error)"
        }
    }

    @Test func everyKeyHasItsDefaultWithoutAnyFile() throws {
        let configuration = try load("{}")
        #expect(configuration.telegram.botToken == nil)
        #expect(configuration.telegram.apiBaseURL == "https://api.telegram.org")
        #expect(configuration.telegram.pollTimeout == .seconds(50))
        #expect(configuration.sessions.tokenLimit == 4000)
        #expect(configuration.http.port == 3000)
        #expect(!configuration.http.portIsChosen)
        #expect(configuration.access.allow.isEmpty)
        #expect(configuration.storagePath == "data/mybot.db")
    }

    @Test func commandLineStandsAboveEnvironmentAndEnvironmentAboveFile() throws {
        let file = #"{"http": {"port": 4000}, "sessions": {"tokenLimit": 100}, "telegram": {"pollTimeoutSeconds": 7}}"#
        let environment = ["HTTP_PORT": "5000", "SESSIONS_TOKEN_LIMIT": "200"]
        let configuration = try load(file, environment: environment, options: ["http.port": "6000"])
        #expect(configuration.http.port == 6000)
        #expect(configuration.http.portIsChosen)
        #expect(configuration.sessions.tokenLimit == 200)
        #expect(configuration.telegram.pollTimeout == .seconds(7))
    }

    @Test func anEmptyVariableIsAsNone() throws {
        let configuration = try load(#"{"telegram": {"botToken": "1:a"}}"#, environment: ["TELEGRAM_BOT_TOKEN": ""])
        #expect(configuration.telegram.botToken?.exposed == "1:a")
    }

    @Test func listsComeFromFileAndFromVariables() throws {
        let file = try load(#"{"access": {"allow": ["telegram:1", "discord:guild:2"]}}"#)
        #expect(file.access.allow == ["telegram:1", "discord:guild:2"])
        let environment = try load("{}", environment: ["ACCESS_ALLOW": "telegram:1, *"])
        #expect(environment.access.allow == ["telegram:1", "*"])
    }

    @Test(arguments: [
        ("TELEGRAM_BOT_TOKEN", "telegram.botToken"), ("DISCORD_BOT_TOKEN", "discord.botToken"),
        ("OPENAI_API_KEY", "openai.apiKey"), ("OPENAI_BASE_URL", "openai.baseURL"),
        ("ANTHROPIC_API_KEY", "anthropic.apiKey"), ("OLLAMA_HOST", "ollama.host"), ("HTTP_PORT", "http.port"),
        ("SESSIONS_TOKEN_LIMIT", "sessions.tokenLimit"), ("TELEGRAM_API_BASE_URL", "telegram.apiBaseURL"),
        ("NETWORK_CA_FILE", "network.caFile"), ("MODEL_PROVIDER", "model.provider"),
    ])
    func variablesHaveTheNamesThatPeopleKnow(name: String, path: String) {
        #expect(ConfigurationTable.key(at: path)?.environmentName == name)
    }

    @Test(arguments: [
        (#"{"telegram": {"botTokn": "x"}}"#, ["telegram.botTokn", "telegram.botToken"]),
        (#"{"telegrm": {"botToken": "x"}}"#, ["telegrm"]),
        (#"{"http": {"port": "many"}}"#, ["http.port", "whole number"]),
        (#"{"http": {"port": 3000.5}}"#, ["http.port"]),
        (#"{"http": {"port": 70000}}"#, ["http.port", "65535"]),
        (#"{"http": {"port": true}}"#, ["http.port"]),
        (#"{"http": {"enabled": 1}}"#, ["http.enabled", "true or false"]),
        (#"{"http": 3000}"#, ["http", "object"]),
        (#"{"budgets": {"dailyMoney": true}}"#, ["budgets.dailyMoney", "US dollars"]),
        (#"{"budgets": {"prices": ["gpt=1"]}}"#, ["budgets.prices", "gpt=1", "million tokens"]),
        (#"{"telegram": {"botToken": null}}"#, ["telegram.botToken"]),
        (#"{"access": {"allow": "telegram:1"}}"#, ["access.allow", "list"]),
        (#"{"access": {"allow": ["telegram:bob"]}}"#, ["access.allow", "telegram:bob"]),
        (#"{"discord": {"channels": ["general"]}}"#, ["discord.channels", "general", "Copy Channel ID"]),
        (#"{"discord": {"channels": ["13"]}}"#, ["discord.channels", "discord.messageContentIntent"]),
        (#"{"model": {"provider": "gpt"}}"#, ["model.provider", "openai"]),
        (#"{"openai": {"baseURL": "http://models.example"}}"#, ["openai.baseURL", "https", "network.insecureHosts"]),
        (#"{"telegram": {"apiBaseURL": "file:///etc/passwd"}}"#, ["telegram.apiBaseURL"]),
        (#"{"http": {"host": "0.0.0.0"}}"#, ["http.host", "http.token"]),
        ("{not json", ["not valid JSON"]),
        ("[]", ["object"]),
    ])
    func aWrongFileIsNamedWithKeyAndMend(json: String, words: [String]) throws {
        let message = try #require(error(json))
        for word in words { #expect(message.contains(word), "\(message)") }
        #expect(!message.contains("\n"))
    }

    @Test func aWrongVariableOrOptionIsNamed() throws {
        let variable = try #require(error("{}", environment: ["HTTP_PORT": "many"]))
        #expect(variable.contains("HTTP_PORT") && variable.contains("http.port"))
        let option = try #require(error("{}", options: ["htp.port": "1"]))
        #expect(option.contains("http.port"))
    }

    @Test func anOverriddenValueOfTheFileIsCheckedAllTheSame() {
        #expect(error(#"{"http": {"port": "many"}}"#, environment: ["HTTP_PORT": "3001"]) != nil)
    }

    @Test func aNamedFileMustExist() throws {
        #expect(throws: ConfigurationError.self) {
            try AppConfiguration.load(path: "/nonexistent/config.json", options: [:], environment: [:])
        }
    }

    @Test func secretsAreCollectedAndNeverPrinted() throws {
        let json =
            #"{"telegram": {"botToken": "1:canary"}, "openai": {"apiKey": "sk-canary"}, "http": {"token": "tok-canary"}}"#
        let configuration = try load(json)
        #expect(configuration.secrets.map(\.exposed).sorted() == ["1:canary", "sk-canary", "tok-canary"])
        #expect(!"\(configuration)".contains("canary"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("canary"))
    }

    @Test(arguments: [
        ("0.0.0.0:11434", "http://127.0.0.1:11434"), ("localhost", "http://localhost:11434"),
        ("http://127.0.0.1:11500/", "http://127.0.0.1:11500"), ("https://ollama.example", "https://ollama.example"),
    ])
    func ollamaHostIsReadAsPeopleWriteIt(text: String, url: String) throws {
        #expect(try load("{}", environment: ["OLLAMA_HOST": text]).ollama.baseURL == url)
    }
}
