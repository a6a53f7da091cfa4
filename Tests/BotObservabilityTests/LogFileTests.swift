import BotCore
import BotTestSupport
import Foundation
import Logging
import Testing

@testable import BotObservability

struct LogFileTests {
    private let time = ManualTime(now: Timestamp(rawValue: 1_763_863_159_123))
    private let console = Lock<[String]>([])

    private func makeLog(_ settings: LogSettings, secrets: [String] = []) -> LogFile {
        LogFile(settings, redactor: Redactor(secrets: secrets.compactMap(Secret.init)), time: time) { [console] line in
            console.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func writesTimeLevelCategoryTextAndFacts() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let log = makeLog(LogSettings(path: path, level: .debug))
            log.logger("session-manager").info("session made", metadata: ["session.id": "7", "chat": "a b"])
            log.logger("telegram").debug("polled")
            log.logger("telegram").trace("too fine")
            #expect(
                try lines(path) == [
                    "2025-11-23T01:59:19.123Z INFO  [session-manager] session made chat=\"a b\" session.id=7",
                    "2025-11-23T01:59:19.123Z DEBUG [telegram] polled",
                ])
        }
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_001, "2000-02-29T00:00:00.001Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
        (4_107_542_399_000, "2100-02-28T23:59:59.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func writesMoments(_ moment: Int64, _ expected: String) {
        var line: [UInt8] = []
        ISOTime.append(Timestamp(rawValue: moment), to: &line)
        #expect(String(decoding: line, as: UTF8.self) == expected)
    }

    @Test func nobodyForgesALine() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let log = makeLog(LogSettings(path: path))
            let forged = "x\n2025-11-23T01:59:19.123Z INFO  [telegram] forged\r\u{1b}[2J\u{2028}\u{202e}\u{85}"
            log.logger("a\nb").info("text \(forged)", metadata: ["name": "\(forged)", "k\ney": "\" y=\"1"])
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.filter(\.isNewline).count == 1)
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            #expect(!text.unicodeScalars.contains { [0x85, 0x2028, 0x202e].contains($0.value) })
            #expect(text.contains(#"name="x\n2025"#))
            #expect(text.contains(#""k\ney"="\" y=\"1""#))
        }
    }

    @Test func writesJSONThatAParserTakes() async throws {
        struct Line: Decodable {
            let time: String
            let level: String
            let category: String
            let message: String
            let metadata: [String: String]
        }
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let log = makeLog(LogSettings(path: path, format: .json), secrets: ["hidden\"one"])
            log.logger("web").warning("odd \"text\"\n", metadata: ["a": "\u{0}\\\u{2028}😀", "b": "hidden\"one"])
            let line = try JSONDecoder().decode(Line.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(line.message == "odd \"text\"\n")
            #expect(line.metadata == ["a": "\u{0}\\\u{2028}😀", "b": "<redacted>"])
            #expect([line.level, line.category, line.time] == ["warning", "web", "2025-11-23T01:59:19.123Z"])
        }
    }

    @Test func nothingSecretReachesFileOrConsole() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let canary = "canary\"with'quotes 1"
            var logger = makeLog(LogSettings(path: path, level: .trace), secrets: [canary]).logger("c \(canary)")
            logger[metadataKey: "kept"] = "<\(canary)>"
            for level in Logger.Level.allCases {
                logger.log(
                    level: level, "text \(canary)",
                    metadata: ["list": ["\(canary)"], "map": ["\(canary)": "v \(canary)"], "\(canary)": "x"])
            }
            let all = try String(contentsOfFile: path, encoding: .utf8) + console.withLock { $0.joined() }
            #expect(!all.contains("canary") && !all.contains("quotes"))
            #expect(try lines(path).count == Logger.Level.allCases.count)
        }
    }

    @Test func rotatesExactlyWhenALineWouldNotFit() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let length = "2025-11-23T01:59:19.123Z INFO  [a] 1\n".utf8.count
            let log = makeLog(LogSettings(path: path, maxBytes: 2 * length, keepFiles: 2))
            func texts(_ path: String) throws -> [Substring] { try lines(path).map { $0.suffix(1) } }
            for number in 1...2 { log.logger("a").info("\(number)") }
            #expect(try texts(path) == ["1", "2"])
            #expect(!FileManager.default.fileExists(atPath: path + ".1"))
            for number in 3...9 { log.logger("a").info("\(number)") }
            #expect(try texts(path) == ["9"])
            #expect(try texts(path + ".1") == ["7", "8"])
            #expect(try texts(path + ".2") == ["5", "6"])
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))
            #expect(try permissions(path) == 0o600)
            #expect(try permissions(path + ".1") == 0o600)
        }
    }

    @Test func keepsNoOldFileWhenToldSo() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let log = makeLog(LogSettings(path: path, maxBytes: 1, keepFiles: 0))
            for number in 1...3 { log.logger("a").info("\(number)") }
            #expect(try lines(path).map { $0.suffix(1) } == ["3"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["mybot.log"])
        }
    }

    @Test func goesOnInTheFileOfAnEarlierRunAndClosesItToOthers() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            #expect(
                FileManager.default.createFile(
                    atPath: path, contents: Data("old\n".utf8), attributes: [.posixPermissions: 0o644]))
            makeLog(LogSettings(path: path)).logger("a").info("new")
            #expect(try lines(path).count == 2)
            #expect(try permissions(path) == 0o600)
        }
    }

    @Test func makesItsFolderForTheOwnerAlone() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("deep/logs/mybot.log")
            makeLog(LogSettings(path: path)).logger("a").info("x")
            #expect(try permissions(folder.file("deep/logs")) == 0o700)
            #expect(try permissions(path) == 0o600)
        }
    }

    @Test func tellsOnceThatItCannotWriteAndTriesAgain() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let blocker = folder.file("logs")
            #expect(FileManager.default.createFile(atPath: blocker, contents: nil))
            let path = folder.file("logs/mybot.log")
            let logger = makeLog(LogSettings(path: path)).logger("a")
            for _ in 0..<3 { logger.info("lost") }
            time.advance(by: .seconds(10))
            logger.info("lost")
            let told = console.withLock { $0 }
            #expect(told.count == 1)
            #expect(told.first?.hasPrefix("mybot: cannot write the log \(path): ") == true)
            try FileManager.default.removeItem(atPath: blocker)
            logger.info("too early")
            time.advance(by: .seconds(10))
            logger.info("written")
            let written = try lines(path)
            #expect(written.count == 2)
            #expect(written.first?.hasSuffix("lines.lost=5") == true)
            #expect(written.last?.hasSuffix("written") == true)
        }
    }

    @Test func followsAFileThatWasMovedAway() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let logger = makeLog(LogSettings(path: path)).logger("a")
            logger.info("1")
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
            time.advance(by: .seconds(1))
            logger.info("2")
            #expect(try lines(path).map { $0.suffix(1) } == ["2"])
        }
    }

    @Test func showsWarningsOnTheConsole() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let log = makeLog(LogSettings(path: folder.file("mybot.log"), format: .json))
            log.logger("a").info("quiet")
            log.logger("a").warning("loud")
            #expect(console.withLock { $0 } == ["2025-11-23T01:59:19.123Z WARN  [a] loud\n"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func concurrentWritersLoseNoLineAndCutNone() async throws {
        try await TemporaryDirectory.with { folder async throws in
            let path = folder.file("mybot.log")
            let log = makeLog(LogSettings(path: path, maxBytes: 20_000, keepFiles: 100))
            await withTaskGroup { group in
                for writer in 0..<8 {
                    group.addTask {
                        let logger = log.logger("w\(writer)")
                        for number in 0..<500 { logger.info("line", metadata: ["n": "\(number)"]) }
                    }
                }
            }
            var seen: [String: Int] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                for line in try lines(folder.file(name)) {
                    #expect(line.hasPrefix("2025-11-23T01:59:19.123Z INFO  [w"))
                    seen[String(line.dropFirst(31)), default: 0] += 1
                }
            }
            #expect(seen.count == 4000)
            #expect(seen.values.allSatisfy { $0 == 1 })
        }
    }
}
