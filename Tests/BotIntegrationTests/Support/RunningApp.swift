import BotCore
import BotHTTP
import BotStore
import BotTestSupport
import Foundation

@testable import BotApp

/// A bot that runs, and its API.
struct RunningApp: Sendable {
    struct Answer: Sendable {
        let status: Int
        let text: String

        var json: JSONValue { get throws { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) } }
        var data: JSONValue { get throws { try json["data"] } }
    }

    let app: App
    let port: Int

    /// Asks the API.
    func ask(
        _ path: String, method: String = "GET", body: JSONValue? = nil, token: String? = nil
    ) async throws -> Answer {
        var headers: [(name: String, value: String)] = []
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let bytes = try body.map { Array(try JSONEncoder().encode($0)) }
        let response = try await app.http.send(
            HTTPRequest(method: method, url: "http://127.0.0.1:\(port)\(path)", headers: headers, body: bytes))
        return Answer(status: response.status, text: String(decoding: response.body, as: UTF8.self))
    }

    /// An action of the session API.
    func act(_ action: String, _ members: [String: JSONValue] = [:]) async throws -> Answer {
        try await ask(
            "/api/sessions", method: "POST", body: .object(members.merging(["action": .string(action)]) { $1 }))
    }

    /// The state of a link as the API's health shows it.
    func state(of link: String) async throws -> String {
        try await ask("/api/health").json["links"][link]["state"].text
    }

    /// Waits until something inside the program is so, where no fake can tell; the suite's time limit ends the wait.
    func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await SystemTime().sleep(for: .milliseconds(20)) }
    }

    /// Waits until every event that was taken in is done with.
    func untilAllIsHandled() async throws {
        try await until { try await app.store.unfinished(after: nil, limit: 1).isEmpty }
    }

    /// Waits until the bot knows of every message that it stands; what is seen in a chat, it may not know yet.
    func untilAllIsDelivered() async throws {
        for platform in [Platform.telegram, .discord] {
            try await until { try await app.store.ready(on: platform, after: nil, limit: 1).isEmpty }
        }
    }
}

/// Reading JSON that is expected to have a form: what is missing is null.
extension JSONValue {
    subscript(key: String) -> JSONValue { members?[key] ?? .null }

    subscript(index: Int) -> JSONValue { items.indices.contains(index) ? items[index] : .null }

    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    var text: String { if case .string(let text) = self { text } else { "" } }

    var number: Int64? { if case .integer(let number) = self { number } else { nil } }
}
