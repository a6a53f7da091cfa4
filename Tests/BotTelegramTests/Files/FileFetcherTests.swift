import BotCore
import BotHTTP
import BotTestSupport
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct FileFetcherTests {
    static let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }

    /// A fetcher before a fake Telegram; no poll runs.
    static func with(
        _ body: (FakeTelegram, FileFetcher, ManualTime) async throws -> Void
    ) async throws {
        try await withFakeTelegram { fake in
            let rig = try await TelegramRig.make(fake, intake: RecordingIntake())
            defer { rig.http.shutdown() }
            try await body(fake, rig.platform.files, rig.time)
            #expect(fake.violations == [])
        }
    }

    @Test("T42: a file is loaded from where getFile says, byte for byte")
    func loads() async throws {
        try await Self.with { fake, files, _ in
            let id = fake.keep(Self.bytes, path: "documents/my file.txt")
            let loaded = try await files.fetch(id, limit: 5000)
            #expect(loaded == Self.bytes)
            #expect(fake.requests("getFile").map { $0.text("file_id") } == [id])
            #expect(fake.requests("download").count == 1)
        }
    }

    @Test("T42: what is too large is not loaded, whoever says so")
    func refusesLargeFiles() async throws {
        try await Self.with { fake, files, _ in
            let honest = fake.keep(Self.bytes)
            await #expect(throws: AttachmentError.tooLarge) { try await files.fetch(honest, limit: 4999) }
            let huge = fake.keep([1], size: 21 << 20)
            await #expect(throws: AttachmentError.tooLarge) { try await files.fetch(huge, limit: 1 << 30) }
            #expect(fake.downloads == [])
        }
    }

    @Test("S9: bytes are counted as they come, whatever size was announced")
    func countsBytes() async throws {
        try await Self.with { fake, files, _ in
            let id = fake.keep(Self.bytes, size: 10)
            await #expect(throws: AttachmentError.tooLarge) { try await files.fetch(id, limit: 4999) }
        }
    }

    @Test("T42: a dead link is asked for again")
    func asksForDeadLinksAgain() async throws {
        try await Self.with { fake, files, _ in
            let id = fake.keep(Self.bytes)
            fake.fail("download", .error(404, "Not Found"))
            let loaded = try await files.fetch(id, limit: 5000)
            #expect(loaded == Self.bytes)
            #expect(fake.requests("getFile").count == 2)
            fake.lose(id)
            await #expect(throws: AttachmentError.gone) { try await files.fetch(id, limit: 5000) }
            #expect(fake.requests("getFile").count == 4)
        }
    }

    @Test("A refusal that is longer than a small file is told as what it is")
    func readsLongRefusals() async throws {
        try await Self.with { fake, files, _ in
            let id = fake.keep([1])
            fake.lose(id)
            await #expect(throws: AttachmentError.gone) { try await files.fetch(id, limit: 1) }
        }
    }

    @Test("A passing fault is waited out")
    func waitsFaultsOut() async throws {
        try await Self.with { fake, files, time in
            let id = fake.keep(Self.bytes)
            fake.fail("getFile", .flood(3))
            fake.fail("download", .error(502, "Bad Gateway"))
            async let loaded = files.fetch(id, limit: 5000)
            for _ in 0..<2 {
                await time.waitForSleepers()
                time.advance(by: time.nextWake ?? .zero)
            }
            let bytes = try await loaded
            #expect(bytes == Self.bytes)
            #expect(fake.requests("download").count == 2)
        }
    }

    @Test("S9: a path that leads away is never asked for")
    func refusesForeignPaths() async throws {
        try await Self.with { fake, files, _ in
            for path in ["../../etc/passwd", "https://127.0.0.1/x", "/var/lib/photos/file_1.jpg"] {
                let id = fake.keep(Self.bytes, path: path)
                await #expect(throws: AttachmentError.self) { try await files.fetch(id, limit: 5000) }
            }
            #expect(fake.downloads == [])
        }
    }

    @Test("Cancelling ends a load that hangs")
    func cancels() async throws {
        try await Self.with { fake, files, _ in
            let id = fake.keep(Self.bytes)
            fake.fail("download", .hang)
            let error = await withTaskGroup(of: AttachmentError?.self) { group in
                group.addTask {
                    do throws(AttachmentError) {
                        _ = try await files.fetch(id, limit: 5000)
                        return nil
                    } catch {
                        return error
                    }
                }
                // Ends by the time limit when it never comes.
                try? await fake.until { $0.requests("download").count == 1 }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(error == .cancelled)
        }
    }
}
