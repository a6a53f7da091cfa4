import BotHTTP
import BotWeb
import Foundation

/// Talks to a running bot over its control socket.
struct ControlClient {
    private let http: HTTPClient
    private let socket: String

    init(http: HTTPClient, socket: String) {
        self.http = http
        self.socket = socket
    }

    /// Whether a bot answers there.
    func isAlive() async -> Bool {
        do {
            _ = try await doctor()
            return true
        } catch {
            return false
        }
    }

    func pair() async throws(StartError) -> PairingInvitation {
        try await call("POST", "/pair", as: PairingInvitation.self)
    }

    func doctor() async throws(StartError) -> DoctorReport {
        try await call("GET", "/doctor", as: DoctorReport.self)
    }

    /// Sends what somebody typed.
    func say(_ text: String) async throws(StartError) {
        let body = (try? JSONEncoder().encode(["text": text])) ?? Data()  // a text always encodes
        let request = HTTPRequest(
            method: "POST", url: "http://localhost/chat", headers: [("Content-Type", "application/json")],
            body: [UInt8](body), unixSocket: socket)
        do {
            let response = try await http.send(request)
            guard response.status == 202 else { throw StartError("mybot did not take the message") }
        } catch let error as StartError {
            throw error
        } catch {
            throw StartError("mybot no longer answers; look into its log")
        }
    }

    /// Whether everything that was typed is answered and shown.
    func isAtRest() async throws(StartError) -> Bool {
        try await call("GET", "/chat/rest", as: [String: Bool].self)["isAtRest"] ?? true
    }

    /// Hands events to the closure until the bot stops or the task is cancelled.
    func listen(_ show: (ChatEvent) -> Void) async throws {
        let request = HTTPRequest(
            url: "http://localhost/chat",
            deadlines: HTTPDeadlines(connect: .seconds(5), firstByte: .seconds(10), idle: nil, total: nil),
            maxResponseBytes: .max, unixSocket: socket)
        try await http.withStream(request) { _, pieces in
            var parser = NDJSONParser()
            for try await piece in pieces {
                for line in try parser.feed(piece) {
                    show(try JSONDecoder().decode(ChatEvent.self, from: Data(line)))
                }
            }
        }
    }

    private func call<Answer: Decodable>(
        _ method: String, _ path: String, as type: Answer.Type
    ) async throws(StartError) -> Answer {
        do {
            let response = try await http.send(
                HTTPRequest(method: method, url: "http://localhost\(path)", unixSocket: socket))
            guard response.status == 200 else {
                throw StartError("mybot answered \(response.status); look into its log")
            }
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch let error as StartError {
            throw error
        } catch {
            throw StartError("no running mybot answers at \(socket)")
        }
    }
}
