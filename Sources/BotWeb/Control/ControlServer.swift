import Foundation
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore

/// What the control socket can do: each a closure of the application.
package struct ControlActions: Sendable {
    package var pair: @Sendable () async throws -> PairingInvitation
    package var doctor: @Sendable () async -> DoctorReport
    /// Takes what somebody typed; returns once it is stored.
    package var say: @Sendable (String) async throws -> Void
    /// Whether everything that was typed is answered and shown.
    package var isAtRest: @Sendable () async throws -> Bool
    package var listen: @Sendable () -> AsyncStream<ChatEvent>

    package init(
        pair: @escaping @Sendable () async throws -> PairingInvitation,
        doctor: @escaping @Sendable () async -> DoctorReport,
        say: @escaping @Sendable (String) async throws -> Void,
        isAtRest: @escaping @Sendable () async throws -> Bool,
        listen: @escaping @Sendable () -> AsyncStream<ChatEvent>
    ) {
        self.pair = pair
        self.doctor = doctor
        self.say = say
        self.isAtRest = isAtRest
        self.listen = listen
    }
}

/// The control socket beside the database: HTTP over a Unix socket that only the owner of the files can open. What grants
/// rights is reachable here and nowhere else.
package struct ControlServer: Sendable {
    /// The longest path that a Unix socket's address holds on Linux and macOS.
    package static let longestPath = 103

    private let path: String
    private let actions: ControlActions
    private let logger: Logger

    package init(path: String, actions: ControlActions, logger: Logger) {
        self.path = path
        self.actions = actions
        self.logger = logger
    }

    /// Serves until the task is cancelled. A socket file that a dead bot left is removed first: who calls this holds the
    /// database's lock, so no living bot has it.
    package func run() async throws {
        try? FileManager.default.removeItem(atPath: path)  // not there is the usual case
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: path), serverName: "mybot"),
            onServerRunning: { [path, logger] _ in
                // The umask has kept it to its owner from the start; a socket is not to be run, either.
                do {
                    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
                } catch {
                    logger.warning("the control socket's rights cannot be set", metadata: ["error": "\(error)"])
                }
            },
            logger: WebServer.quiet(logger))
        try await application.run()
        try? FileManager.default.removeItem(atPath: path)  // the next start removes it otherwise
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ErrorAnswers(logger: logger))
        router.post("/pair") { _, _ in Response.json(try await actions.pair()) }
        router.get("/doctor") { _, _ in Response.json(await actions.doctor()) }
        router.post("/chat") { request, _ in
            let text = try await JSONBody(request).string("text") ?? ""
            guard !text.isEmpty else { throw APIError.badRequest("text is empty") }
            try await actions.say(text)
            return Response(status: .accepted)
        }
        router.get("/chat/rest") { _, _ in Response.json(["isAtRest": try await actions.isAtRest()]) }
        router.get("/chat") { _, _ in
            let events = actions.listen()
            return Response(
                status: .ok, headers: [.contentType: "application/x-ndjson"],
                body: ResponseBody { writer in
                    try await writer.write(try Self.line(ChatEvent(kind: .ready)))
                    for await event in events { try await writer.write(try Self.line(event)) }
                    try await writer.finish(nil)
                })
        }
        return router
    }

    private static func line(_ event: ChatEvent) throws -> ByteBuffer {
        var buffer = ByteBuffer(bytes: try JSONEncoder().encode(event))
        buffer.writeString("\n")
        return buffer
    }
}
