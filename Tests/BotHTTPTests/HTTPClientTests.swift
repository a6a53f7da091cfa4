import BotCore
import BotHTTP
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPClientTests {
    @Test func returnsTheWholeResponse() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(
                status: 201, headers: [("X-Seen", "\(exchange.method) \(exchange.target)")], text: "hello")
        } body: { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(url: try await server.url + "/a?b=c"))
                #expect(response.status == 201)
                #expect(response.headers["x-seen"] == "GET /a?b=c")
                #expect(String(decoding: response.body, as: UTF8.self) == "hello")
            }
        }
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func sendsBodyAndHeadersAsGiven(method: String) async throws {
        try await withLoopbackServer { exchange in
            let fields = exchange.headers.map { "\($0.name.lowercased()): \($0.value)" }.joined(separator: "\n")
            try await exchange.respond(text: "\(exchange.method)\n\(fields)\n\n\(exchange.text)")
        } body: { server in
            try await withClient { client in
                let request = HTTPRequest(
                    method: method, url: try await server.url,
                    headers: [("Content-Type", "application/json"), ("X-Empty", ""), ("User-Agent", "test/1")],
                    body: Array(#"{"a":1}"#.utf8))
                let text = String(decoding: try await client.send(request).body, as: UTF8.self)
                #expect(text.hasPrefix("\(method)\n"))
                #expect(text.contains("content-type: application/json\n"))
                #expect(text.contains("x-empty: \n"))
                #expect(text.contains("user-agent: test/1\n"))
                #expect(!text.contains("expect:"))
                #expect(text.hasSuffix(#"{"a":1}"#))
            }
        }
    }

    @Test(arguments: ["GET", "HEAD", "DELETE", "POST", "PUT"])
    func sendsNoBodyWhenThereIsNone(method: String) async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(headers: [
                ("X-Method", exchange.method), ("X-Length", exchange.header("content-length") ?? "none"),
                ("X-Type", exchange.header("content-type") ?? "none"),
            ])
        } body: { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(method: method, url: try await server.url))
                #expect(response.headers["X-Method"] == method)
                #expect(response.headers["X-Length"] == (method == "POST" || method == "PUT" ? "0" : "none"))
                #expect(response.headers["X-Type"] == "none")
            }
        }
    }

    @Test func carriesALargeBodyUpAndDown() async throws {
        let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try await withLoopbackServer { exchange in
            try await exchange.respond(body: exchange.body)
        } body: { server in
            try await withClient { client in
                let response = try await client.send(
                    HTTPRequest(method: "POST", url: try await server.url, body: body))
                #expect(response.body == body)
            }
        }
    }

    @Test func doesNotFollowARedirect() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(
                status: 302, headers: [("Location", "/elsewhere")], text: exchange.path)
        } body: { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(url: try await server.url + "/start"))
                #expect(response.status == 302)
                #expect(response.headers["location"] == "/elsewhere")
                #expect(String(decoding: response.body, as: UTF8.self) == "/start")
            }
        }
    }

    @Test func skipsInterimResponsesAndTrailers() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respondRaw(
                Array(
                    """
                    HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n\
                    HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Real: yes\r\n\r\n\
                    2\r\nhi\r\n0\r\nX-Trailer: yes\r\n\r\n
                    """.utf8))
        } body: { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(url: try await server.url))
                #expect(response.status == 200)
                #expect(response.headers["X-Real"] == "yes")
                #expect(response.headers["X-Early"] == nil)
                #expect(response.headers["X-Trailer"] == nil)
                #expect(response.body == Array("hi".utf8))
            }
        }
    }

    @Test func answersManyRequestsAtOnce() async throws {
        try await withLoopbackServer { exchange in
            try await exchange.respond(text: exchange.path)
        } body: { server in
            try await withClient { client in
                let url = try await server.url
                let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let response = try await client.send(HTTPRequest(url: "\(url)/\(number)"))
                            return (number, String(decoding: response.body, as: UTF8.self))
                        }
                    }
                    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
                #expect(answers == Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, "/\($0)") }))
            }
        }
    }

    @Test func reachesAUnixSocket() async throws {
        try await TemporarySocket.with { path in
            try await withLoopbackServer(address: .unixSocket(path)) { exchange in
                try await exchange.respond(text: exchange.header("host") ?? "")
            } body: { _ in
                try await withClient { client in
                    let response = try await client.send(HTTPRequest(url: "http://control/x", unixSocket: path))
                    #expect(String(decoding: response.body, as: UTF8.self) == "control")
                }
            }
        }
    }
}
