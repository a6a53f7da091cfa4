package import BotCore

/// An outbox in memory that fails when told to.
package final class RecordingOutboxStore: OutboxStore {
    package struct State: Sendable {
        package var model = OutboxModel()
        /// What the next calls throw, one each.
        package var failures: [StoreError] = []
        /// Names of the calls that went through, in order.
        package var calls: [String] = []
    }

    package let watch = Watchpoint(State())

    package init() {}

    private func call<Result: Sendable>(
        _ name: String, _ body: (inout OutboxModel) -> Result
    ) throws(StoreError) -> Result {
        let outcome = watch.change { state -> Swift.Result<Result, StoreError> in
            if !state.failures.isEmpty { return .failure(state.failures.removeFirst()) }
            state.calls.append(name)
            return .success(body(&state.model))
        }
        return try outcome.get()
    }

    package func ready(on platform: Platform, after: OutboxID?, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try call("ready") { $0.ready(on: platform, after: after, limit: limit) }
    }

    package func openPart(_ chunk: Int, of reply: OutboxID) async throws(StoreError) -> OutboxRow? {
        try call("openPart \(chunk)") { $0.openPart(chunk, of: reply) }
    }

    package func beginFirstSend(of row: OutboxID) async throws(StoreError) -> Bool {
        try call("beginFirstSend \(row)") { $0.beginFirstSend(of: row) }
    }

    package func firstSendFailed(of row: OutboxID) async throws(StoreError) {
        try call("firstSendFailed \(row)") { $0.firstSendFailed(of: row) }
    }

    package func previewStands(of row: OutboxID, as message: String) async throws(StoreError) -> OutboxRow? {
        try call("previewStands \(row)") { $0.previewStands(of: row, as: message) }
    }

    package func delivered(_ row: OutboxID, as message: String?, at now: Timestamp) async throws(StoreError) {
        try call("delivered \(row)") { $0.delivered(row, as: message) }
    }

    package func postpone(_ row: OutboxID, until: Timestamp) async throws(StoreError) {
        try call("postpone \(row)") { $0.postpone(row, until: until) }
    }

    package func replace(_ row: OutboxID, payload: RenderedChunk, messageID: String?) async throws(StoreError) {
        try call("replace \(row)") { $0.replace(row, payload: payload, messageID: messageID) }
    }

    package func abandon(_ row: OutboxID, reason: String, at now: Timestamp) async throws(StoreError) {
        try call("abandon \(row)") { $0.abandon(row, reason: reason) }
    }

    package func abandonAll(
        in conversation: ConversationKey, upTo newest: OutboxID, reason: String, at now: Timestamp
    ) async throws(StoreError) {
        try call("abandonAll \(newest)") { $0.abandonAll(in: conversation, upTo: newest, reason: reason) }
    }

    package func queueNotice(
        _ chunks: [RenderedChunk], in conversation: ConversationKey, address: ReplyAddress, at now: Timestamp
    ) async throws(StoreError) -> [OutboxRow] {
        try call("queueNotice") { model in
            chunks.enumerated().map { model.add($1.text, markup: $1.markup, in: conversation, chunk: $0) }
        }
    }

    package func forgetEnded(before: Timestamp, limit: Int) async throws(StoreError) -> Int { 0 }
}
