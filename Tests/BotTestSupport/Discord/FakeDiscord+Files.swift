import BotCore

/// Attachments. Discord keeps them on other hosts, which need no token.
extension FakeDiscord {
    static let filesPath = "/attachments/"

    /// Keeps a file and returns its address, signed as Discord's are.
    package func keep(_ bytes: [UInt8], as name: String) async throws -> String {
        let address = try await url.replacing("/api/v10", with: "")
        return change { state in
            let path = "\(Self.filesPath)\(state.snowflake())/\(name)"
            state.files[path] = bytes
            return "\(address)\(path)?ex=7fffffff&is=65000000&hm=abc"
        }
    }

    /// The file that the bot has sent with a message; nil when there is none.
    package func file(of message: String) -> SentFile? { state.withLock { $0.sentFiles[message] } }

    func serveFile(_ exchange: LoopbackExchange) async throws {
        if exchange.header("Authorization") != nil {
            change { $0.violations.append("the token was sent to a file's host") }
        }
        guard let bytes = state.withLock({ $0.files[exchange.path] }), exchange.query?.contains("hm=") ?? false else {
            return try await exchange.respond(status: 404)
        }
        try await exchange.respond(status: 200, body: bytes)
    }
}
