import BotCore
import DequeModule
import Logging

/// Opens the threads that answers go to (`discord.answerInThread`), each once. Where Discord lets none be opened, the answer goes into the
/// channel.
final class ThreadOpener: Sendable {
    /// What is known of the newest threads, by their ids: whether they are there.
    private struct State {
        var isOpen: [String: Bool] = [:]
        var order = Deque<String>()
    }

    private struct Body: Encodable { let name: String }

    private static let capacity = 500
    /// A thread has been made from this message already (Opcodes and Status Codes, "JSON").
    private static let isThere = 160_004

    private let rest: DiscordREST
    private let logger: Logger
    private let state = Lock(State())

    init(rest: DiscordREST, logger: Logger) {
        self.rest = rest
        self.logger = logger
    }

    /// Where messages to the address go, and what the first of them replies to. The thread is opened if it is not there.
    func place(of address: DiscordAddress) async throws(RESTError) -> (channel: String, replyTo: String?) {
        guard let thread = address.thread else { return (address.channel, address.replyTo) }
        let isOpen: Bool
        if let known = state.withLock({ $0.isOpen[address.channel] }) {
            isOpen = known
        } else {
            isOpen = try await open(thread, from: address.channel)
            note(address.channel, isOpen: isOpen)
        }
        return isOpen ? (address.channel, nil) : (thread.parent, address.channel)
    }

    /// Where a message of the address may be, the likelier first.
    func places(of address: DiscordAddress) -> [String] {
        guard let thread = address.thread else { return [address.channel] }
        let isOpen = state.withLock { $0.isOpen[address.channel] } ?? true
        return isOpen ? [address.channel, thread.parent] : [thread.parent, address.channel]
    }

    private func open(_ thread: DiscordAddress.NewThread, from message: String) async throws(RESTError) -> Bool {
        do {
            _ = try await rest.send(.startThread(from: message, in: thread.parent), json: Body(name: thread.name))
            return true
        } catch .refused(_, Self.isThere, _) {
            return true
        } catch .refused(let status, let code, let message) {
            logger.notice(
                "no thread could be opened, the answer goes into the channel",
                metadata: ["http.status": "\(status)", "discord.code": "\(code)", "reason": "\(message)"])
            return false
        }
    }

    private func note(_ thread: String, isOpen: Bool) {
        state.withLock { state in
            if state.isOpen.updateValue(isOpen, forKey: thread) == nil { state.order.append(thread) }
            if state.order.count > Self.capacity, let oldest = state.order.popFirst() { state.isOpen[oldest] = nil }
        }
    }
}
