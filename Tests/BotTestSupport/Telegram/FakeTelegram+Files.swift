import BotCore
import Foundation

/// A file on the fake Telegram's file server.
struct FakeTelegramKeptFile {
    let bytes: [UInt8]
    /// What `getFile` says of its size; nil says nothing.
    let size: Int64?
    /// Where it lies, or where `getFile` says that it does.
    var path: String
    var isGone = false
}

extension FakeTelegram {
    /// Bots get no larger files ("getFile", Bot API).
    private static let largestFile = 20 << 20

    /// Puts a file on the server and returns its id.
    ///
    /// - Parameters:
    ///   - path: what `getFile` gives; nil for a usual one.
    ///   - size: what is said of its size; nil says how long it is.
    @discardableResult
    package func keep(_ bytes: [UInt8], path: String? = nil, size: Int64? = nil) -> String {
        change { state in
            let number = state.files.count
            let id = "file-\(number)"
            state.files[id] = FakeTelegramKeptFile(
                bytes: bytes, size: size ?? Int64(bytes.count), path: path ?? "documents/file_\(number).bin")
            return id
        }
    }

    /// Lets all links die that `getFile` has given, as Telegram does after an hour: the next call gives others.
    package func expireLinks() {
        change { state in
            for (id, file) in state.files { state.files[id]?.path = "later/" + file.path }
        }
    }

    /// Removes a file from the file server; `getFile` still knows it.
    package func lose(_ file: String) { change { $0.files[file]?.isGone = true } }

    /// The files that were loaded, in order, by their paths. Each is also a request with the method `download`.
    package var downloads: [String] { requests("download").compactMap { $0.text("path") } }

    func getFile(_ arguments: [String: JSONValue], _ state: FakeTelegramState) throws -> JSONValue {
        guard case .string(let id) = arguments["file_id"], let file = state.files[id] else {
            throw FakeTelegramError.bad("invalid file_id")
        }
        if max(file.bytes.count, Int(file.size ?? 0)) > Self.largestFile {
            throw FakeTelegramError.bad("file is too big")
        }
        var answer: [String: JSONValue] = [
            "file_id": .string(id), "file_unique_id": .string("u" + id), "file_path": .string(file.path),
        ]
        if let size = file.size { answer["file_size"] = .integer(size) }
        return .object(answer)
    }

    /// Answers one request of the file server.
    func serveFile(_ exchange: LoopbackExchange) async throws {
        let opening = "/file/bot\(token)/"
        let asked = exchange.path.removingPercentEncoding ?? ""
        let path = asked.hasPrefix(opening) ? String(asked.dropFirst(opening.count)) : ""
        let (number, fault, file) = change { state in
            state.requests.append(.init(method: "download", arguments: ["path": .string(path)]))
            let file = state.files.values.first { $0.path == path && !$0.isGone }
            return (state.requests.count - 1, state.takeFault(for: "download"), file)
        }
        func end(_ status: Int, _ body: [UInt8]) async throws {
            change { $0.requests[number].status = status }
            try await exchange.respond(status: status, body: body)
        }
        switch fault {
        case .reset, .resetAfterwards, .cutJSON: return await exchange.reset()
        case .hang: try await exchange.stall()
        case .body(let status, let body): return try await end(status, Array(body.utf8))
        case .error(let code, let words):
            return try await end(code, Array(#"{"ok":false,"error_code":\#(code),"description":"\#(words)"}"#.utf8))
        case .flood(let seconds):
            change { $0.requests[number].status = 429 }
            return try await exchange.respond(status: 429, headers: [("Retry-After", "\(seconds)")], text: "")
        case nil: break
        }
        guard exchange.method == "GET", let file else {
            return try await end(404, Array(#"{"ok":false,"error_code":404,"description":"Not Found"}"#.utf8))
        }
        try await end(200, file.bytes)
    }
}
