import BotTestSupport
import Foundation
import Testing

/// What cannot start says why in one line on standard error, and the exit status says it to scripts.
@Suite(.timeLimit(.minutes(5)))
struct BadStartTests {
    private static let secret = "123456789:AAsecretSecretSecretSecretSecretSec"

    private func withHome(_ body: @Sendable (inout BotHome) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            var home = BotHome(folder)
            try await body(&home)
        }
    }

    /// One line that begins with the program's name and holds all that is expected, and nothing that only its makers understand.
    private func expectOneLine(_ run: BotHome.Run, status: Int32, holding parts: [String]) {
        #expect(run.exit == .status(status))
        #expect(run.output == "")
        #expect(run.complaints.hasPrefix("mybot: "))
        #expect(run.complaints.hasSuffix("\n"))
        #expect(run.complaints.count { $0.isNewline } == 1, "\(run.complaints)")
        for part in parts { #expect(run.complaints.contains(part), "\(run.complaints)") }
        #expect(!run.complaints.contains("ecretSecret"))
        for word in ["Error(", "Optional", ".swift", "Swift.", "Domain="] { #expect(!run.complaints.contains(word)) }
    }

    @Test(arguments: [
        (#"{"telegram": {"botTokn": "\#(secret)"}}"#, ["config.json", "telegram.botTokn", "telegram.botToken?"]),
        (#"{"telegramm": {}}"#, ["config.json", "telegramm"]),
        (#"{"http": {"port": "3000"}}"#, ["config.json", "http.port", "whole number"]),
        (#"{"http": {"port": 70000}}"#, ["config.json", "http.port", "65535"]),
        (#"{"telegram": {"botToken": 5}}"#, ["config.json", "telegram.botToken", "text"]),
        (#"{"telegram": "\#(secret)"}"#, ["config.json", "telegram", "object"]),
        ("{\"telegram\": {\n  \"botToken\": \"\(secret)\" \"x\": 1}}", ["config.json", "JSON", "line 2"]),
        (#"{"telegram": {"botToken": "\#(secret)""#, ["config.json", "JSON"]),
        ("", ["config.json", "JSON", "empty"]),
        ("[]", ["config.json", "object"]),
        (#"{"access": {"allow": ["telegram:abc"]}}"#, ["access.allow", "telegram:abc", "telegram:123"]),
        (#"{"telegram": {"apiBaseURL": "http://example.com"}}"#, ["telegram.apiBaseURL", "https"]),
        (#"{"http": {"host": "0.0.0.0"}}"#, ["http.host", "http.token"]),
    ])
    func namesKeyPlaceAndMend(file: String, parts: [String]) async throws {
        try await withHome { home in
            try home.write(file, to: "config.json")
            let run = try await home.run()
            expectOneLine(run, status: 78, holding: parts)
            // Nothing was begun.
            #expect(home.mode(of: "data") == nil)
        }
    }

    @Test(arguments: [
        (["--set", "http.prot=1"], ["--set http.prot", "http.port?"]), (["--set", "http.port=x"], ["http.port"]),
        (["--set", "http.port"], ["--set", "KEY=VALUE"]), (["--config", "nowhere.json"], ["nowhere.json"]),
    ])
    func namesWhatIsWrongWithOptions(arguments: [String], parts: [String]) async throws {
        try await withHome { home in
            expectOneLine(try await home.run(arguments), status: 78, holding: parts)
        }
    }

    @Test func namesTheVariable() async throws {
        try await withHome { home in
            home.environment["HTTP_PORT"] = "many"
            expectOneLine(try await home.run(), status: 78, holding: ["HTTP_PORT", "http.port"])
        }
    }

    @Test func namesAChosenPortThatIsTaken() async throws {
        try await withHome { home in
            try await withFakeTelegram { other in
                let port = try await other.url.split(separator: ":").last.map(String.init) ?? ""
                home.environment["HTTP_PORT"] = port
                expectOneLine(try await home.run(), status: 1, holding: ["port \(port)", "taken", "http.port"])
            }
        }
    }

    // As root no folder's rights bind, so a file stands where a folder is wanted.
    @Test(arguments: [("STORAGE_PATH", "storage.path"), ("LOG_PATH", "log.path")])
    func namesAPlaceThatCannotBeWritten(variable: String, key: String) async throws {
        try await withHome { home in
            try home.write("no folder", to: "file")
            home.environment[variable] = "file/below/it"
            expectOneLine(try await home.run(), status: 1, holding: ["file/below", key])
        }
    }

    @Test func namesADamagedDatabaseAndLeavesItAlone() async throws {
        try await withHome { home in
            let damage = String(repeating: "this is no database. ", count: 500)
            try home.write(damage, to: "bad.db")
            home.environment["STORAGE_PATH"] = "bad.db"
            for command in [[], ["pair"], ["chat"]] {
                expectOneLine(try await home.run(command), status: 1, holding: ["damaged", "bad.db", "backup"])
            }
            #expect(home.text(of: "bad.db") == damage)
        }
    }

    @Test func namesASecondBotOnTheSameDatabase() async throws {
        try await withHome { home in
            let home = home
            try await home.withBot { bot in
                try await within(.seconds(20), "the start") { try await bot.says("Page") }
                expectOneLine(
                    try await home.run(), status: 1, holding: ["another mybot", "data/mybot.db", "storage.path"])
                #expect(bot.exit == nil)
            }
        }
    }

    @Test func namesASecondBotEvenWhenItWantsTheSamePort() async throws {
        try await withHome { home in
            let first = home
            try await first.withBot { bot in
                try await within(.seconds(20), "the start") { try await bot.says("Page") }
                let port = bot.output.split(separator: "localhost:").last?.prefix { $0.isNumber } ?? ""
                var second = first
                second.environment["HTTP_PORT"] = String(port)
                expectOneLine(try await second.run(), status: 1, holding: ["another mybot", "data/mybot.db"])
            }
        }
    }

    @Test func saysItsVersionAndHelp() async throws {
        try await withHome { home in
            let version = try await home.run("--version")
            #expect(version.exit == .status(0))
            #expect(version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
            let help = try await home.run("--help")
            #expect(help.exit == .status(0))
            for word in ["chat", "pair", "doctor", "serve", "--version"] { #expect(help.output.contains(word)) }
            #expect(try await home.run("doctor", "--help").output.contains("--repair"))
            let wrong = try await home.run("dance")
            #expect(wrong.exit == .status(64))
            #expect(wrong.complaints.contains("dance"))
            #expect(home.mode(of: "data") == nil)
        }
    }
}
