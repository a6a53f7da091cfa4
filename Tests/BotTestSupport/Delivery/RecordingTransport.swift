package import BotCore

/// A platform in memory: keeps what stands in its chats, records each request with its time, and fails as scripted.
package final class RecordingTransport: ChatTransport {
    package struct Request: Sendable, Equatable {
        package enum Kind: Sendable, Equatable { case send, edit, remove, draft, typing, press, unbutton }
        package let kind: Kind
        package let chat: String
        package let text: String
        package let at: Duration
    }

    /// What the next request of a kind meets.
    package enum Fault: Sendable {
        case refuse(DeliveryError)
        /// It is carried out and the answer is lost.
        case loseAnswer
        /// It gets no answer until `release` is called.
        case hang
    }

    package struct Message: Sendable, Equatable {
        package let id: String
        package let chat: String
        package var text: String
        package let nonce: String
    }

    package struct State: Sendable {
        package var requests: [Request] = []
        package var messages: [Message] = []
        /// How many messages were ever made; deleted ones are in no list.
        package var made = 0
        package var faults: [Request.Kind: [Fault]] = [:]
        package var style: PreviewStyle = .off
        package var typingInterval: Duration?
        package var knowsNonces = false
        package var isReleased = false
        /// The ids of the administrators of all shared chats; nil while the platform does not say.
        package var administrators: Set<String>? = []

        package func texts(in chat: String) -> [String] { messages.filter { $0.chat == chat }.map(\.text) }
    }

    package let platform: Platform
    package let watch = Watchpoint(State())
    private let time: any TimeSource
    private let limit: Int

    /// - Parameter limit: the longest message, in characters: longer texts are split there.
    package init(_ platform: Platform = .telegram, time: any TimeSource, limit: Int = 4096) {
        self.platform = platform
        self.time = time
        self.limit = limit
    }

    package func render(_ reply: String) -> [RenderedChunk] {
        var chunks: [RenderedChunk] = []
        var rest = Substring(reply)
        while !rest.isEmpty {
            chunks.append(RenderedChunk(text: String(rest.prefix(limit))))
            rest = rest.dropFirst(limit)
        }
        return chunks
    }

    package func renderPreview(_ partialReply: String) -> [RenderedChunk] { render(partialReply) }

    package func address(of conversation: ConversationKey) -> ReplyAddress? {
        ReplyAddress(rawValue: conversation.chat)
    }

    package func previewStyle(at address: ReplyAddress) -> PreviewStyle { watch.state.style }

    package func typingInterval(at address: ReplyAddress) -> Duration? { watch.state.typingInterval }

    package func repeatsAreHarmless(since firstAttempt: Duration) -> Bool {
        watch.state.knowsNonces && firstAttempt < .seconds(120)
    }

    package func send(
        _ chunk: RenderedChunk, to address: ReplyAddress, nonce: String, isFirst: Bool
    ) async throws(DeliveryError) -> String? {
        try await request(.send, address, chunk) { state in
            if state.knowsNonces, let known = state.messages.first(where: { $0.nonce == nonce }) { return known.id }
            state.made += 1
            let id = "m\(state.made)"
            state.messages.append(Message(id: id, chat: address.rawValue, text: chunk.text, nonce: nonce))
            return id
        }
    }

    package func edit(_ message: String, to chunk: RenderedChunk, at address: ReplyAddress) async throws(DeliveryError)
    {
        do throws(DeliveryError) {
            let edited = try await request(.edit, address, chunk) { state in
                guard let index = state.messages.firstIndex(where: { $0.id == message }) else { return nil }
                state.messages[index].text = chunk.text
                return message
            }
            if edited == nil { throw .messageMissing("there is no such message") }
        } catch {
            // Somebody has deleted it.
            if case .messageMissing = error { watch.change { $0.messages.removeAll { $0.id == message } } }
            throw error
        }
    }

    package func remove(_ message: String, at address: ReplyAddress) async throws(DeliveryError) {
        _ = try await request(.remove, address, .nothing) { state in
            state.messages.removeAll { $0.id == message }
            return nil
        }
    }

    package func showDraft(_ chunk: RenderedChunk, turn: TurnID, at address: ReplyAddress) async throws(DeliveryError) {
        _ = try await request(.draft, address, chunk) { _ in nil }
    }

    package func showTyping(at address: ReplyAddress) async throws(DeliveryError) {
        _ = try await request(.typing, address, RenderedChunk(text: "")) { _ in nil }
    }

    package func answerPress(_ press: String, notice: String?, at address: ReplyAddress) async throws(DeliveryError) {
        _ = try await request(.press, address, RenderedChunk(text: notice ?? "")) { _ in nil }
    }

    package func removeButtons(from message: String, at address: ReplyAddress) async throws(DeliveryError) {
        _ = try await request(.unbutton, address, RenderedChunk(text: message)) { _ in nil }
    }

    package func administers(_ person: Speaker, _ scope: ChatScope) async throws(DeliveryError) -> Bool {
        guard let known = watch.state.administrators else { throw .notSent("nobody says") }
        return known.contains(person.id)
    }

    private func request(
        _ kind: Request.Kind, _ address: ReplyAddress, _ chunk: RenderedChunk,
        _ body: @Sendable (inout State) -> String?
    ) async throws(DeliveryError) -> String? {
        let at = time.uptime
        let fault = watch.change { state -> Fault? in
            state.requests.append(Request(kind: kind, chat: address.rawValue, text: chunk.text, at: at))
            if state.faults[kind]?.isEmpty ?? true { return nil }
            return state.faults[kind]?.removeFirst()
        }
        switch fault {
        case .refuse(let error): throw error
        case .loseAnswer:
            _ = watch.change(body)
            throw .outcomeUnknown("the answer was lost")
        case .hang:
            await watch.wait { $0.isReleased }
            return watch.change(body)
        case nil: return watch.change(body)
        }
    }
}
