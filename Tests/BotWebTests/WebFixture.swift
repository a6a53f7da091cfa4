import BotCore
import BotHTTP
import BotSessions
import BotTestSupport
import BotWeb
import Foundation
import Logging

/// A web server over an in-memory store on a free port, and a client that talks to it.
struct WebFixture {
    let sessions: SessionManager
    let links: LinkMonitor
    let time: ManualTime
    let client: HTTPClient
    let port: Int
    let store: InMemoryStore
    /// The turns that had to be stopped after resets.
    let stopped: Lock<[TurnID]>

    /// Runs the body beside a server that is stopped afterwards.
    static func with(token: Secret? = nil, _ body: (WebFixture) async throws -> Void) async throws {
        let time = ManualTime()
        let links = LinkMonitor(time: time)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = InMemoryStore()
        let stopped = Lock<[TurnID]>([])
        let sessions = SessionManager(
            store: store, meter: UniformTokenMeter(WordCounter()), provider: ScriptedModel(),
            settings: SessionSettings(),
            time: time, logger: logger)
        let server = WebServer(
            settings: WebServer.Settings(host: "127.0.0.1", port: 0, token: token), sessions: sessions, links: links,
            about: { AboutBot(version: "9.9.9", model: "offline", invites: ["discord": "https://x.y"]) },
            people: { () throws(StoreError) in
                PeopleReport(
                    people: [.init(entry: "telegram:7", name: "Ada", role: "owner", since: time.now, by: "pairing")],
                    waiting: [], rules: [.init("Groups", "mention")], budgets: [])
            },
            carryOut: { outcome in stopped.withLock { $0 += outcome.stoppedTurns } }, logger: logger)
        let client = HTTPClient()
        defer { client.shutdown() }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { port in continuation.yield(port) } }
            for await port in ports {
                try await body(
                    WebFixture(
                        sessions: sessions, links: links, time: time, client: client, port: port, store: store,
                        stopped: stopped))
                break
            }
            group.cancelAll()
        }
    }

    /// Sends a request; the answer's JSON object is empty where there is none.
    func call(
        _ method: String, _ path: String, body: String? = nil, headers: [(name: String, value: String)] = []
    ) async throws -> (status: Int, json: [String: JSONValue], headers: HTTPHeaders) {
        var fields = headers
        if body != nil, !fields.contains(where: { $0.name == "Content-Type" }) {
            fields.append(("Content-Type", "application/json"))
        }
        let response = try await client.send(
            HTTPRequest(
                method: method, url: "http://127.0.0.1:\(port)\(path)", headers: fields,
                body: body.map { Array($0.utf8) }))
        let json = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))  // a page is no JSON
        return (response.status, json?.members ?? [:], response.headers)
    }
}

/// Counts words, so that a test can count along.
struct WordCounter: TokenCounter {
    var name: String { "words" }
    func count(_ text: String) -> Int { text.split(separator: " ").count }
}

extension [String: JSONValue] {
    /// The object at `data`.
    var data: [String: JSONValue] { self["data"]?.members ?? [:] }

    /// The list at `data`.
    var list: [JSONValue] {
        if case .array(let list) = self["data"] { list } else { [] }
    }

    /// The text at `error`.
    var error: String? {
        if case .string(let text) = self["error"] { text } else { nil }
    }
}
