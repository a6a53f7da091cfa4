import BotCore
import BotHTTP
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct FailureTests {
    @Test func refusedPortSaysSo() async throws {
        try await withClient { client in
            let port = try SilentListener.freePort()
            let error = await httpError {
                _ = try await client.send(HTTPRequest(url: "http://127.0.0.1:\(port)/bot1:secret/getMe"))
            }
            #expect(error == .cannotConnect("connection refused"))
            #expect(error?.wasSurelyNotSent == true)
        }
    }

    @Test func missingUnixSocketSaysSo() async throws {
        try await TemporarySocket.with { path in
            try await withClient { client in
                let error = await httpError {
                    _ = try await client.send(HTTPRequest(url: "http://control/", unixSocket: path))
                }
                #expect(error == .cannotConnect("no such socket"))
            }
        }
    }

    @Test func unknownProxyNameSaysSo() async throws {
        try await withClient(HTTPClient.Configuration(proxy: "http://proxy.invalid:3128")) { client in
            let error = await httpError { _ = try await client.send(HTTPRequest(url: "https://bot.test/")) }
            #expect(error == .nameNotResolved("the proxy's name has no address"))
        }
    }

    @Test(arguments: [
        "", "bot.test", "ftp://bot.test/", "file:///etc/passwd", "https://", "https://bot.test:99999/",
        "https://bot.test/a b", "https://bot.test/\u{0}", "https://bot.test/\r\nX-Forged: yes",
    ])
    func refusesOtherAddresses(url: String) async throws {
        try await withClient { client in
            let error = await httpError { _ = try await client.send(HTTPRequest(url: url)) }
            guard case .invalidURL = error else {
                Issue.record("\(url): \(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: [("X-A", "b\r\nX-Forged: yes"), ("X-A", "b\u{0}"), ("X A", "b"), ("", "b"), ("X:", "b")])
    func refusesForgedHeaders(name: String, value: String) async throws {
        try await withClient { client in
            let error = await httpError {
                _ = try await client.send(HTTPRequest(url: "http://127.0.0.1:1/", headers: [(name, value)]))
            }
            guard case .invalidURL = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func refusesAForgedMethod() async throws {
        try await withClient { client in
            let error = await httpError {
                _ = try await client.send(HTTPRequest(method: "GET / HTTP/1.1\r\n", url: "http://127.0.0.1:1/"))
            }
            #expect(error == .invalidURL("the method is not a word"))
        }
    }

    @Test(arguments: ["no HTTP at all\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", ""])
    func reportsABrokenAnswerAsALostConnection(answer: String) async throws {
        try await withLoopbackServer {
            try await $0.respondRaw(Array(answer.utf8))
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let error = await httpError { _ = try await client.send(HTTPRequest(url: url)) }
                guard case .connectionLost = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(error?.wasSurelyNotSent == false)
            }
        }
    }

    /// The first request of a connection is answered, a later one drops it.
    @Test(arguments: [("GET", true), ("HEAD", true), ("POST", false), ("PATCH", false), ("DELETE", false)])
    func repeatsOnlyWhatChangesNothing(method: String, isRepeated: Bool) async throws {
        let requests = Lock<[Int]>([])
        try await withLoopbackServer { exchange in
            let isFirst = requests.withLock { requests in
                defer { requests.append(exchange.connectionID) }
                return !requests.contains(exchange.connectionID)
            }
            if isFirst { try await exchange.respond() } else { await exchange.reset() }
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let request = HTTPRequest(method: method, url: url, body: method == "POST" ? [1] : nil)
                #expect(try await client.send(HTTPRequest(url: url)).status == 200)
                if isRepeated {
                    #expect(try await client.send(request).status == 200)
                    #expect(requests.withLock { $0 } == [1, 1, 2])
                } else {
                    let error = await httpError { _ = try await client.send(request) }
                    #expect(error == .connectionLost("the connection broke before an answer came"))
                    #expect(requests.withLock { $0 } == [1, 1])
                }
            }
        }
    }

    @Test(arguments: [nil, TestTLS.good])
    func shutdownEndsWhatIsUnderWay(tls: TestTLS?) async throws {
        let reached = Lock(0)
        let allReached = Signal()
        try await withLoopbackServer(tls: tls) { exchange in
            if reached.withLock({ count in
                count += 1
                return count == 20
            }) {
                allReached.happen()
            }
            try await exchange.stall()
        } body: { server in
            let client = HTTPClient(HTTPClient.Configuration(caFile: TestTLS.caFile))
            let url = try await server.url
            let errors = await withTaskGroup(of: HTTPError?.self) { group in
                for _ in 0..<20 {
                    group.addTask { await httpError { _ = try await client.send(HTTPRequest(url: url)) } }
                }
                await allReached.wait()
                client.shutdown()
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors == Array(repeating: .shutDown, count: 20))
            #expect(await httpError { _ = try await client.send(HTTPRequest(url: url)) } == .shutDown)
            client.shutdown()
        }
    }
}
