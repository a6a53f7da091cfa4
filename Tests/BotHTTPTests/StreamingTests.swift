import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5)))
struct StreamingTests {
    @Test func handsOverEachPieceAsItArrives() async throws {
        let received = (0..<5).map { _ in Signal() }
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            for (number, signal) in received.enumerated() {
                try await exchange.write(text: "piece \(number)")
                // The next piece leaves only when the client has shown this one.
                await signal.wait()
            }
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let pieces = try await client.withStream(HTTPRequest(url: url)) { head, body in
                    #expect(head.status == 200)
                    var pieces: [String] = []
                    for try await piece in body {
                        received[pieces.count].happen()
                        pieces.append(String(decoding: piece, as: UTF8.self))
                    }
                    return pieces
                }
                #expect(pieces == (0..<5).map { "piece \($0)" })
            }
        }
    }

    @Test func slowReaderSlowsTheServerAndOutlastsTheIdleDeadline() async throws {
        let piece = [UInt8](repeating: 0x63, count: 1 << 20)
        let total = 64
        let written = Lock(0)
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            for _ in 0..<total {
                try await exchange.write(piece)
                written.withLock { $0 += 1 }
            }
        } body: { server in
            try await withClient { client in
                let request = HTTPRequest(
                    url: try await server.url, deadlines: HTTPDeadlines(idle: .seconds(3)),
                    maxResponseBytes: 100 << 20)
                let count = try await client.withStream(request) { _, body in
                    try await settle(written)
                    try await SystemTime().sleep(for: .milliseconds(3100))
                    #expect(written.withLock { $0 } < total / 2)
                    return try await body.reduce(0) { $0 + $1.count }
                }
                #expect(count == total * piece.count)
            }
        }
    }

    @Test func leavingTheClosureClosesTheConnection() async throws {
        struct Enough: Error {}
        let gone = Signal()
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            try await exchange.write(text: "first")
            await exchange.waitForClientGone()
            gone.happen()
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                await #expect(throws: Enough.self) {
                    try await client.withStream(HTTPRequest(url: url)) { _, body in
                        for try await _ in body { throw Enough() }
                    }
                }
                await gone.wait()
            }
        }
    }

    @Test(arguments: [false, true])
    func cancellingClosesTheConnection(afterFirstPiece: Bool) async throws {
        let reached = Signal()
        let gone = Signal()
        try await withLoopbackServer { exchange in
            if afterFirstPiece {
                try await exchange.startResponse()
                try await exchange.write(text: "first")
            } else {
                reached.happen()
            }
            await exchange.waitForClientGone()
            gone.happen()
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let error = await httpError {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            try await client.withStream(HTTPRequest(url: url)) { _, body in
                                for try await _ in body { reached.happen() }
                            }
                        }
                        await reached.wait()
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                }
                #expect(error == .cancelled)
                await gone.wait()
            }
        }
    }

    @Test func cancelledWholeResponseClosesTheConnection() async throws {
        let reached = Signal()
        let gone = Signal()
        try await withLoopbackServer { exchange in
            reached.happen()
            await exchange.waitForClientGone()
            gone.happen()
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let error = await httpError {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try await client.send(HTTPRequest(url: url)) }
                        await reached.wait()
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                }
                #expect(error == .cancelled)
                await gone.wait()
            }
        }
    }

    @Test func givesThePiecesBeforeTheFailure() async throws {
        let received = Signal()
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            try await exchange.write(text: "first")
            await received.wait()
            await exchange.reset()
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let pieces = Lock<[String]>([])
                let error = await httpError {
                    try await client.withStream(HTTPRequest(url: url)) { _, body in
                        for try await piece in body {
                            pieces.withLock { $0.append(String(decoding: piece, as: UTF8.self)) }
                            received.happen()
                        }
                    }
                }
                #expect(pieces.withLock { $0 } == ["first"])
                guard case .connectionLost = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test(arguments: [(1000, true), (999, false)])
    func countsTheBodyAgainstItsLimit(limit: Int, fits: Bool) async throws {
        try await withLoopbackServer { exchange in
            try await exchange.startResponse()
            for _ in 0..<10 { try await exchange.write([UInt8](repeating: 1, count: 100)) }
        } body: { server in
            try await withClient { client in
                let request = HTTPRequest(url: try await server.url, maxResponseBytes: limit)
                if fits {
                    #expect(try await client.send(request).body.count == 1000)
                } else {
                    #expect(await httpError { _ = try await client.send(request) } == .tooLarge(limit: limit))
                }
            }
        }
    }

    @Test func decompressesAndCountsWhatComesOut() async throws {
        // 256 KiB of zeros in 289 bytes.
        let bomb = try #require(
            Data(
                base64Encoded: "H4sIAAAAAAACA+3BMQEAAADCoPVP7W0Ho" + String(repeating: "A", count: 339)
                    + "3gAi6g7iAAAEAA=="))
        let greeting = try #require(
            Data(base64Encoded: "H4sIAAAAAAACA8tIzcnJ11FIzs8tKEotLk5NUSjPL8pJAQAInjQ1FwAAAA=="))
        try await withLoopbackServer { exchange in
            #expect(exchange.header("accept-encoding")?.contains("gzip") == true)
            try await exchange.respond(
                headers: [("Content-Encoding", "gzip")], body: Array(exchange.path == "/bomb" ? bomb : greeting))
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let body = try await client.send(HTTPRequest(url: url)).body
                #expect(String(decoding: body, as: UTF8.self) == "hello, compressed world")
                let error = await httpError {
                    _ = try await client.send(HTTPRequest(url: url + "/bomb", maxResponseBytes: 100_000))
                }
                #expect(error == .tooLarge(limit: 100_000))
            }
        }
    }
}
