import BotCore
import Logging

/// Opens the threads that answers go to (`discord.answerInThread`), each once. Where Discord lets none be opened, the answer goes into the
/// channel.
final class ThreadOpener: Sendable {
    private struct Body: Encodable { let name: String }

    /// A thread has been made from this message already (Opcodes and Status Codes, "JSON").
    private static let isThereAlready = 160_004
    private static let missingPermissions = 50_013

    private let rest: DiscordREST
    private let permissions: PermissionWatch
    private let logger: Logger
    /// What is known of the newest threads, by their ids: whether they are there.
    private let isOpen = Lock(RecentMap<String, Bool>(capacity: 500))

    init(rest: DiscordREST, permissions: PermissionWatch, logger: Logger) {
        self.rest = rest
        self.permissions = permissions
        self.logger = logger
    }

    /// Where messages to the address go, and what the first of them replies to. The thread is opened if it is not there.
    func place(of address: DiscordAddress) async throws(RESTError) -> (channel: String, replyTo: String?) {
        guard let thread = address.thread else { return (address.channel, address.replyTo) }
        let isThere: Bool
        if let known = isOpen.withLock({ $0[address.channel] }) {
            isThere = known
        } else {
            isThere = try await open(thread, from: address.channel)
            isOpen.withLock { $0.set(isThere, for: address.channel) }
        }
        return isThere ? (address.channel, nil) : (thread.parent, address.channel)
    }

    /// Where a message of the address may be, the likelier first.
    func places(of address: DiscordAddress) -> [String] {
        guard let thread = address.thread else { return [address.channel] }
        let isThere = isOpen.withLock { $0[address.channel] } ?? true
        return isThere ? [address.channel, thread.parent] : [thread.parent, address.channel]
    }

    private func open(_ thread: DiscordAddress.NewThread, from message: String) async throws(RESTError) -> Bool {
        do {
            _ = try await rest.send(.startThread(from: message, in: thread.parent), json: Body(name: thread.name))
            permissions.works([.createThreads], in: thread.parent)
            return true
        } catch .refused(_, Self.isThereAlready, _) {
            return true
        } catch .refused(let status, let code, let message) {
            if code == Self.missingPermissions { permissions.note(.createThreads, in: thread.parent, message) }
            logger.notice(
                "no thread could be opened, the answer goes into the channel",
                metadata: ["http.status": "\(status)", "discord.code": "\(code)", "reason": "\(message)"])
            return false
        }
    }
}
