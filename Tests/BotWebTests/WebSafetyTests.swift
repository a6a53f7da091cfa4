import BotCore
import BotHTTP
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct WebSafetyTests {
    @Test(arguments: ["evil.example", "127.0.0.1.evil.example", "evil.example:3000", "localhost.evil"])
    func aForeignHostNameIsRefusedOnEveryRoute(host: String) async throws {
        try await WebFixture.with { web in
            for path in ["/", "/api/health", "/api/sessions"] {
                let answer = try await web.call("GET", path, headers: [("Host", host)])
                #expect(answer.status == 403)
            }
        }
    }

    @Test(arguments: ["http://evil.example", "null", "https://localhost:1", "http://127.0.0.1"])
    func aForeignOriginCannotWrite(origin: String) async throws {
        try await WebFixture.with { web in
            let answer = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "cleanup"}"#, headers: [("Origin", origin)])
            #expect(answer.status == 403)
            #expect(try await web.call("DELETE", "/api/sessions?id=1", headers: [("Origin", origin)]).status == 403)
        }
    }

    @Test func thePageItselfMayWrite() async throws {
        try await WebFixture.with { web in
            let answer = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "cleanup"}"#,
                headers: [("Origin", "http://127.0.0.1:\(web.port)")])
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    func aFormCannotWrite(type: String) async throws {
        try await WebFixture.with { web in
            let answer = try await web.call(
                "POST", "/api/sessions", body: #"{"action": "cleanup"}"#, headers: [("Content-Type", type)])
            #expect(answer.status == 415)
        }
    }

    @Test func withATokenAllRoutesAskForIt() async throws {
        try await WebFixture.with(token: Secret("open sesame")) { web in
            for path in ["/", "/page.js", "/api/health", "/api/sessions", "/api/people"] {
                let none = try await web.call("GET", path)
                #expect(none.status == 401)
                let wrong = try await web.call("GET", path, headers: [("Authorization", "Bearer open sesam")])
                #expect(wrong.status == 401)
                let right = try await web.call("GET", path, headers: [("Authorization", "Bearer open sesame")])
                #expect(right.status == 200)
            }
            // The password of a browser's Basic prompt: base64 of "me:open sesame".
            let basic = try await web.call("GET", "/", headers: [("Authorization", "Basic bWU6b3BlbiBzZXNhbWU=")])
            #expect(basic.status == 200)
        }
    }

    @Test func healthTellsStateAndAgeOfEachLinkAndFailsWithTheStore() async throws {
        try await WebFixture.with { web in
            web.links.seen("telegram")
            web.links.set("discord", to: .failed, problem: "the token is wrong")
            web.time.advance(by: .seconds(3))
            let well = try await web.call("GET", "/api/health")
            #expect(well.status == 200)
            let links = well.json["links"]?.members ?? [:]
            #expect(links["telegram"]?.members?["age_ms"] == .integer(3000))
            #expect(links["telegram"]?.members?["state"] == .string("connected"))
            #expect(links["discord"]?.members?["problem"] == .string("the token is wrong"))
            #expect(links["discord"]?.members?["invite"] == .string("https://x.y"))
            #expect(links["telegram"]?.members?["invite"] == nil)
            web.links.set("store", to: .failed, problem: "the disk is full")
            let ill = try await web.call("GET", "/api/health")
            #expect(ill.status == 503)
            #expect(ill.json["links"]?.members?["store"] == nil)
        }
    }

    @Test func peopleAreShownAndNothingElse() async throws {
        try await WebFixture.with { web in
            let shown = try await web.call("GET", "/api/people")
            #expect(shown.status == 200)
            guard case .array(let people)? = shown.json["data"]?.members?["people"] else {
                Issue.record("no people: \(shown.json)")
                return
            }
            #expect(people.first?.members?["entry"] == .string("telegram:7"))
            #expect(people.first?.members?["since"] == .integer(web.time.now.rawValue))
            for method in ["POST", "PUT", "DELETE"] {
                #expect(try await web.call(method, "/api/people", body: "{}").status == 404)
            }
        }
    }

    @Test func thePageIsServedWithHeadersThatKeepItSafe() async throws {
        try await WebFixture.with { web in
            let page = try await web.call("GET", "/")
            #expect(page.status == 200)
            #expect(page.headers["Content-Type"]?.hasPrefix("text/html") == true)
            #expect(page.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
            #expect(page.headers["X-Content-Type-Options"] == "nosniff")
        }
    }
}
