import BotCore
import BotHTTP
import Testing

@testable import BotTelegram

struct FileFetchMachineTests {
    typealias Action = FileFetchMachine.Action

    static func refused(_ code: Int, _ words: String = "", after: Int? = nil) -> CallFailure {
        .refused(.init(code: code, description: words, retryAfter: after.map { .seconds($0) }))
    }

    /// A machine that has been told where the file is.
    static func loading() throws -> (machine: FileFetchMachine, path: FilePath) {
        var machine = FileFetchMachine(limit: 100)
        let path = try #require(FilePath("photos/file_1.jpg"))
        #expect(machine.learnt(TelegramFile(size: 100, path: "photos/file_1.jpg")) == .load(path))
        return (machine, path)
    }

    @Test(
        "T42: what getFile says decides before anything is loaded",
        arguments: [
            (TelegramFile(size: 101, path: "a/b"), AttachmentError.tooLarge),
            (
                TelegramFile(size: 5, path: nil),
                .unavailable("getFile gave no path that a file can be loaded from")
            ),
            (
                TelegramFile(size: nil, path: "/var/lib/file"),
                .unavailable("getFile gave no path that a file can be loaded from")
            ),
        ])
    func judgesTheAnswer(file: TelegramFile, error: AttachmentError) {
        var machine = FileFetchMachine(limit: 100)
        #expect(machine.learnt(file) == .fail(error))
    }

    @Test("T42: a size that is not told is no reason to refuse")
    func takesUnknownSizes() throws {
        var machine = FileFetchMachine(limit: 100)
        #expect(machine.learnt(TelegramFile(size: nil, path: "a/b")) == .load(try #require(FilePath("a/b"))))
    }

    @Test(
        "T42: what cannot heal ends it at once",
        arguments: [
            (refused(400, "Bad Request: file is too big"), AttachmentError.tooLarge),
            (.transport(.tooLarge(limit: 100)), .tooLarge), (.transport(.cancelled), .cancelled),
            (refused(400, "Bad Request: invalid file_id"), .gone),
            (refused(401, "Unauthorized"), .unavailable("error 401: Unauthorized")),
            (refused(404, "Not Found"), .unavailable("error 404: Not Found")),
        ])
    func endsAtOnce(failure: CallFailure, error: AttachmentError) {
        var machine = FileFetchMachine(limit: 100)
        #expect(machine.failed(failure, random: 0) == .fail(error))
    }

    @Test("T42: a dead link is asked for again once, and a file that is gone then is gone")
    func asksAgainOnce() throws {
        var (machine, path) = try Self.loading()
        #expect(machine.failed(Self.refused(404), random: 0) == .ask)
        #expect(machine.learnt(TelegramFile(size: nil, path: "photos/file_1.jpg")) == .load(path))
        #expect(machine.failed(Self.refused(404), random: 0) == .fail(.gone))
    }

    @Test("What fails in passing is tried again where it was, three times in all")
    func triesAgain() throws {
        var (machine, path) = try Self.loading()
        #expect(machine.failed(.transport(.connectionLost("x")), random: 0) == .wait(.milliseconds(250)))
        #expect(machine.waited() == .load(path))
        #expect(machine.failed(Self.refused(502), random: 0) == .wait(.milliseconds(500)))
        #expect(machine.waited() == .load(path))
        let end = machine.failed(.unreadable(status: 200), random: 0)
        #expect(end == .fail(.unavailable("status 200 with a body that is not the Bot API's")))

        var fresh = FileFetchMachine(limit: 100)
        #expect(fresh.failed(.transport(.timedOut(.total)), random: 0) == .wait(.milliseconds(250)))
        #expect(fresh.waited() == .ask)
    }

    @Test("T12: the wait that Telegram asks for is kept, and no longer one than a person would wait")
    func waitsAsAsked() {
        var machine = FileFetchMachine(limit: 100)
        #expect(machine.failed(Self.refused(429, after: 7), random: 0) == .wait(.seconds(7)))
        let end = machine.failed(Self.refused(429, "Too Many Requests", after: 21), random: 0)
        #expect(end == .fail(.unavailable("error 429: Too Many Requests")))
    }
}
