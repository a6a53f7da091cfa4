package import BotCore

/// One scripted answer of a fake model server.
package struct ModelAnswer: Sendable {
    /// How the stream ends.
    package enum Ending: Sendable {
        /// With a finish reason, the usage and `[DONE]`.
        case whole(finish: String)
        /// With a connection that is closed in the middle of the body after so many pieces. No reset, which could overtake them.
        case cut(after: Int)
        /// With silence after so many pieces, until the client goes away.
        case stalled(after: Int)
        /// With an error object (its JSON) after so many pieces.
        case failed(after: Int, error: String)
        /// With an orderly end of the body after so many pieces, but without a finish reason and `[DONE]`.
        case unfinished(after: Int)
    }

    package var text: String
    /// How many characters each piece holds.
    package var pieceLength: Int
    /// The wait before the head, and between two pieces.
    package var delay: Duration
    package var gap: Duration
    package var ending: Ending
    /// Where the answer waits for the test: after so many pieces, until the gate opens.
    package var hold: (after: Int, gate: Gate)?
    /// Pieces of reasoning that come before the text.
    package var reasoning: [String] = []
    /// Calls of tools that come after the text.
    package var toolCalls: [ToolCall] = []
    package var usage: TokenUsage?
    /// Whether it is streamed; else it is one JSON object.
    package var isStreamed = true
    package var status = 200
    package var headers: [(name: String, value: String)] = []
    /// The whole body in place of an answer.
    package var body: String?
    /// After how many bytes of its stream the connection is closed, wherever that is; nil for its own ending.
    package var breaksAfter: Int?

    package init(
        _ text: String, pieceLength: Int = 4, delay: Duration = .zero, gap: Duration = .zero,
        ending: Ending = .whole(finish: "stop"), usage: TokenUsage? = TokenUsage(promptTokens: 10, completionTokens: 5)
    ) {
        self.text = text
        self.pieceLength = pieceLength
        self.delay = delay
        self.gap = gap
        self.ending = ending
        self.usage = usage
    }

    /// A refusal.
    package static func error(
        _ status: Int, _ body: String, headers: [(name: String, value: String)] = [], delay: Duration = .zero
    ) -> ModelAnswer {
        var answer = ModelAnswer("", delay: delay)
        answer.status = status
        answer.body = body
        answer.headers = headers
        return answer
    }

    /// Silence from the start, until the client goes away.
    package static var silence: ModelAnswer { ModelAnswer("", ending: .stalled(after: 0)) }

    /// An answer of so many pieces of equal length, which waits after the first until the gate opens.
    package static func held(_ text: String, pieces: Int = 2, by gate: Gate) -> ModelAnswer {
        var answer = ModelAnswer(text, pieceLength: (text.count + pieces - 1) / pieces)
        answer.hold = (1, gate)
        return answer
    }

    func send(over exchange: LoopbackExchange, as api: ModelAPI, time: any TimeSource) async throws {
        if delay > .zero { try await time.sleep(for: delay) }
        let fields = headers.map { ($0.name, $0.value) }
        if let body { return try await exchange.respond(status: status, headers: fields, text: body) }
        var wire = api.wire
        if !isStreamed, let whole = wire.whole(self) {
            let type = [("Content-Type", "application/json")]
            return try await exchange.respond(headers: fields + type, text: whole)
        }
        try await exchange.startResponse(headers: fields + [("Content-Type", wire.streamType)])
        if let breaksAfter {
            let beginning = stream(as: api).prefix(breaksAfter)
            if !beginning.isEmpty { try await exchange.write(Array(beginning)) }
            return await exchange.close()
        }
        try await exchange.write(text: wire.begin(self))
        for thought in reasoning {
            try await exchange.write(text: wire.reasoning(thought))
            if gap > .zero { try await time.sleep(for: gap) }
        }
        let pieces = cut(text)
        for (number, piece) in pieces.enumerated() {
            if let hold, hold.after == number { try await hold.gate.wait() }
            if try await end(exchange, wire, after: number) { return }
            if number > 0, gap > .zero { try await time.sleep(for: gap) }
            try await exchange.write(text: wire.text(piece))
        }
        if try await end(exchange, wire, after: pieces.count) { return }
        guard case .whole(let finish) = ending else { return }
        for (place, call) in toolCalls.enumerated() {
            try await exchange.write(text: wire.toolCall(call, place: place))
        }
        try await exchange.write(text: wire.end(finish, usage))
    }

    /// The bytes of the whole stream.
    package func stream(as api: ModelAPI) -> [UInt8] {
        var wire = api.wire
        var stream = wire.begin(self)
        for thought in reasoning { stream += wire.reasoning(thought) }
        for piece in cut(text) { stream += wire.text(piece) }
        for (place, call) in toolCalls.enumerated() { stream += wire.toolCall(call, place: place) }
        if case .whole(let finish) = ending { stream += wire.end(finish, usage) }
        return Array(stream.utf8)
    }

    /// Ends the answer early if its ending wants that after so many pieces.
    private func end(_ exchange: LoopbackExchange, _ wire: any ModelWire, after pieces: Int) async throws -> Bool {
        switch ending {
        case .cut(let after) where after == pieces:
            await exchange.close()
        case .stalled(let after) where after == pieces:
            try await exchange.stall()
        case .failed(let after, let error) where after == pieces:
            try await exchange.write(text: wire.failure(error))
        case .unfinished(let after) where after == pieces:
            try await exchange.end()
        default:
            return false
        }
        return true
    }

    private func cut(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(max(1, pieceLength))))
            rest = rest.dropFirst(max(1, pieceLength))
        }
        return pieces
    }
}
