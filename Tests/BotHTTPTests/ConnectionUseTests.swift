import BotCore
import BotHTTP
import BotTestSupport
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ConnectionUseTests {
    @Test(arguments: [nil, TestTLS.good])
    func usesAConnectionAgain(tls: TestTLS?) async throws {
        try await withLoopbackServer(tls: tls) {
            try await $0.respond(text: "ok")
        } body: { server in
            try await withClient(HTTPClient.Configuration(caFile: TestTLS.caFile)) { client in
                for _ in 0..<5 { _ = try await client.send(HTTPRequest(url: try await server.url)) }
                #expect(server.connectionCount == 1)
            }
        }
    }

    @Test func usesALabelsConnectionForThatLabelOnly() async throws {
        try await withLoopbackServer {
            try await $0.respond(text: "\($0.connectionID)")
        } body: { server in
            try await withClient { client in
                var ids: [String] = []
                for label in ["a", nil, "a", "b", nil, "b"] {
                    let request = HTTPRequest(url: try await server.url, connectionLabel: label)
                    ids.append(String(decoding: try await client.send(request).body, as: UTF8.self))
                }
                #expect(ids == ["1", "2", "1", "3", "2", "3"])
            }
        }
    }

    @Test func callsGoOnBesideALongPoll() async throws {
        let polling = Signal()
        let release = Signal()
        try await withLoopbackServer { exchange in
            if exchange.path == "/poll" {
                polling.happen()
                await release.wait()
            }
            try await exchange.respond(text: exchange.path)
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                async let poll = client.send(HTTPRequest(url: url + "/poll", connectionLabel: "poll"))
                await polling.wait()
                #expect(try await client.send(HTTPRequest(url: url + "/call")).status == 200)
                release.happen()
                #expect(try await poll.body == Array("/poll".utf8))
            }
        }
    }

    @Test(arguments: [TestTLS.wrongHost, .expired, .otherAuthority])
    func refusesABadCertificate(tls: TestTLS) async throws {
        try await withLoopbackServer(tls: tls) {
            try await $0.respond()
        } body: { server in
            try await withClient(HTTPClient.Configuration(caFile: TestTLS.caFile)) { client in
                let url = try await server.url
                let error = await httpError { _ = try await client.send(HTTPRequest(url: url)) }
                let text =
                    switch tls {
                    case .wrongHost: "the certificate is for another host name"
                    case .expired: "the certificate has expired"
                    case .good, .otherAuthority: "the certificate is signed by an unknown authority"
                    }
                #expect(error == .untrusted(text))
            }
        }
    }

    @Test func refusesAnAuthorityThatTheSystemDoesNotKnow() async throws {
        try await withLoopbackServer(tls: .good) {
            try await $0.respond()
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let error = await httpError { _ = try await client.send(HTTPRequest(url: url)) }
                #expect(error == .untrusted("the certificate is signed by an unknown authority"))
            }
        }
    }

    @Test func refusesAMissingFileOfAuthorities() async throws {
        try await withLoopbackServer(tls: .good) {
            try await $0.respond()
        } body: { server in
            try await withClient(HTTPClient.Configuration(caFile: "/nowhere/ca.pem")) { client in
                let url = try await server.url
                let error = await httpError { _ = try await client.send(HTTPRequest(url: url)) }
                #expect(error == .untrusted("the file of certificate authorities cannot be read"))
            }
        }
    }

    @Test(arguments: [LoopbackProxy.Kind.http, .socks5])
    func goesThroughTheProxy(kind: LoopbackProxy.Kind) async throws {
        try await withLoopbackServer(tls: .good) {
            try await $0.respond(text: $0.path)
        } body: { server in
            try await withLoopbackProxy(kind, to: try await server.port) { proxy in
                let settings = HTTPClient.Configuration(proxy: try await proxy.url, caFile: TestTLS.caFile)
                try await withClient(settings) { client in
                    let response = try await client.send(HTTPRequest(url: "https://bot.test/through"))
                    #expect(response.headers["content-length"] == "8")
                    #expect(response.body == Array("/through".utf8))
                    #expect(proxy.targets == ["bot.test:443"])
                }
            }
        }
    }

    @Test(arguments: [LoopbackProxy.Kind.http, .socks5])
    func aRefusingProxyMeansNotSent(kind: LoopbackProxy.Kind) async throws {
        try await withLoopbackProxy(kind, to: 1, refuses: true) { proxy in
            try await withClient(HTTPClient.Configuration(proxy: try await proxy.url)) { client in
                let error = await httpError { _ = try await client.send(HTTPRequest(url: "https://bot.test/")) }
                guard case .cannotConnect = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "LOCALHOST", "127.1"])
    func loopbackGoesAroundTheProxy(host: String) async throws {
        try await withLoopbackServer {
            try await $0.respond(text: "direct")
        } body: { server in
            let port = try await server.port
            try await withLoopbackProxy(.http, to: port) { proxy in
                try await withClient(HTTPClient.Configuration(proxy: try await proxy.url)) { client in
                    let response = try await client.send(HTTPRequest(url: "http://\(host):\(port)/"))
                    #expect(response.body == Array("direct".utf8))
                    #expect(proxy.targets == [])
                }
            }
        }
    }

    /// In a process of its own, because the environment belongs to all of it.
    @Test func takesTheProxyFromTheEnvironment() async {
        await #expect(processExitsWith: .success) {
            try await withLoopbackServer(tls: .good) {
                try await $0.respond(text: "ok")
            } body: { server in
                let port = try await server.port
                try await withLoopbackProxy(.http, to: port) { proxy in
                    setenv("https_proxy", try await proxy.url, 1)
                    setenv("no_proxy", "else.test", 1)
                    try await withClient(HTTPClient.Configuration(caFile: TestTLS.caFile)) { client in
                        let response = try await client.send(HTTPRequest(url: "https://bot.test/"))
                        try #require(response.body == Array("ok".utf8))
                        _ = try await client.send(HTTPRequest(url: "https://localhost:\(port)/"))
                        try #require(proxy.targets == ["bot.test:443"])
                        let excepted = await httpError {
                            _ = try await client.send(HTTPRequest(url: "https://else.test/"))
                        }
                        try #require(excepted == .nameNotResolved("the host's name has no address"))
                    }
                }
            }
        }
    }
}
