import BotCore

/// Does what the planner says: each operation is one exchange with the platform or the store.
extension DeliveryEngine {
    func outcome(of operation: DeliveryOperation) async -> DeliveryOperation.Outcome {
        guard let transport = transports[operation.conversation.platform] else { return .unchanged }
        switch operation.work {
        case .send(let row, let nonce, let doubtfulFor):
            return await send(row, nonce: nonce, doubtfulFor: doubtfulFor, over: transport)
        case .edit(let row, let message):
            guard var chunk = row.payload else { return .unchanged }
            // Who committed the row may hand it over late, when a command has ended it or given it another text, and confirmed that.
            do throws(StoreError) {
                guard let known = try await readyRow(row.id, on: transport.platform) else { return .rowGone }
                if let text = known.payload, text.text != chunk.text { chunk = text }
            } catch { return .storeFailed(error) }
            return await edit(message, to: chunk, at: row.address, over: transport)
        case .remove(let row, let message):
            do throws(StoreError) {
                guard let known = try await readyRow(row.id, on: transport.platform) else { return .rowGone }
                if let text = known.payload, !text.isNothing {
                    return await edit(message, to: text, at: row.address, over: transport)
                }
            } catch { return .storeFailed(error) }
            do throws(DeliveryError) {
                try await transport.remove(message, at: row.address)
                return .shown(nil)
            } catch { return failure(error) }
        case .openPart(let row, let chunk):
            do throws(StoreError) {
                return .opened(try await store.openPart(chunk, of: row.id))
            } catch { return .storeFailed(error) }
        case .beginPreview, .editPreview, .draft: return await show(operation.work, over: transport)
        case .typing(let row):
            do throws(DeliveryError) {
                try await transport.showTyping(at: row.address)
                return .shown(nil)
            } catch { return failure(error) }
        case .write(let write): return await perform(write, in: operation.conversation)
        }
    }

    // MARK: - The platform

    private func send(
        _ row: OutboxRow, nonce: String, doubtfulFor: Duration?, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome {
        guard let chunk = row.payload else { return .unchanged }
        let isFirst = row.chunk == 0
        let isLabelled =
            doubtfulFor.map { !transport.repeatIsHarmless(at: row.address, isFirst: isFirst, since: $0) } ?? false
        guard isLabelled else { return await send(chunk, of: row, nonce: nonce, label: nil, over: transport) }
        if let silence = await silence(at: row.address, over: transport) { return silence }
        let labelled = RepeatLabel.labelled(chunk)
        if RepeatLabel.fits(labelled, transport) {
            return await send(labelled, of: row, nonce: nonce, label: .inside, over: transport)
        }
        return await send(chunk, of: row, nonce: nonce, label: .ahead, over: transport)
    }

    /// Asks the chat something harmless; nil when it answers.
    ///
    /// Each labelled send whose answer is lost may leave one more copy in the chat, and uses up a try. While the connection is down
    /// in such a way, this is what is lost in its place.
    private func silence(
        at address: ReplyAddress, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome? {
        do throws(DeliveryError) {
            try await transport.showTyping(at: address)
            return nil
        } catch {
            switch error {
            case .outcomeUnknown(let reason): return .failed(.notSent(reason))
            case .notSent, .linkDown, .rateLimited, .chatGone, .chatMoved, .cancelled: return failure(error)
            // It has answered, and a message may be taken where a typing sign is not.
            case .chatUnavailable, .refused, .markupRefused, .messageMissing, .previewUnsupported: return nil
            }
        }
    }

    /// Where the label of a possible repeat stands.
    enum Label { case inside, ahead }

    func send(
        _ chunk: RenderedChunk, of row: OutboxRow, nonce: String, label: Label?, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome {
        do throws(StoreError) {
            guard try await store.beginFirstSend(of: row.id) else { return .rowGone }
        } catch { return .storeFailed(error) }
        if label == .ahead, let refusal = await sendLabel(ahead: row, nonce: nonce, over: transport) { return refusal }
        do throws(DeliveryError) {
            let message = try await transport.send(
                chunk, to: row.address, nonce: nonce, isFirst: row.chunk == 0)
            return .sent(message: message, chunk, isLabelled: label != nil)
        } catch {
            return failure(error, isLabelled: label != nil, style: .off)
        }
    }

    /// Sends the label as a message of its own; nil when it stands. A label whose answer is lost counts as a send: it may leave a copy.
    private func sendLabel(
        ahead row: OutboxRow, nonce: String, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome? {
        do throws(DeliveryError) {
            _ = try await transport.send(
                RenderedChunk(text: RepeatLabel.line), to: row.address, nonce: RepeatLabel.nonce(from: nonce),
                isFirst: row.chunk == 0)
            return nil
        } catch {
            return failure(error, isLabelled: true)
        }
    }

    func edit(
        _ message: String, to chunk: RenderedChunk, at address: ReplyAddress, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome {
        do throws(DeliveryError) {
            try await transport.edit(message, to: chunk, at: address)
            return .shown(chunk)
        } catch { return failure(error) }
    }

    /// A transport that gives up although nobody cancelled it leaves open what arrived.
    func failure(
        _ error: DeliveryError, isLabelled: Bool = false, style: PreviewStyle = .off
    ) -> DeliveryOperation.Outcome {
        if error == .cancelled, !Task.isCancelled {
            return .failed(.outcomeUnknown("the platform cancelled the request"), isLabelled: isLabelled)
        }
        return .failed(error, isLabelled: isLabelled, style: style)
    }

    // MARK: - The store

    /// The row if it did not end although its text stands: a reset gave it another text while this one was on its way.
    private func afterDelivery(of row: OutboxID, on platform: Platform) async -> DeliveryOperation.Outcome {
        do throws(StoreError) {
            return .written(try await readyRow(row, on: platform))
        } catch {
            // It is written all the same, and must not be written twice: a newer text would end with it.
            return .written(isSeen: false)
        }
    }

    /// The row as the store has it; nil when it is not ready, or is no more.
    private func readyRow(_ row: OutboxID, on platform: Platform) async throws(StoreError) -> OutboxRow? {
        let next = try await store.ready(on: platform, after: OutboxID(row.rawValue - 1), limit: 1)
        return next.first { $0.id == row }
    }

    private func perform(
        _ write: StoreWrite, in conversation: ConversationKey
    ) async -> DeliveryOperation.Outcome {
        do throws(StoreError) {
            switch write {
            case .delivered(let row, let message, let isReply):
                try await store.delivered(row, as: message, at: time.now)
                guard isReply, message != nil else { break }
                return await afterDelivery(of: row, on: conversation.platform)
            case .firstSendFailed(let row): try await store.firstSendFailed(of: row)
            case .previewStands(let row, let message):
                return .written(try await store.previewStands(of: row, as: message))
            case .postpone(let row, let moment): try await store.postpone(row, until: moment)
            case .replace(let row, let payload, let message):
                try await store.replace(row, payload: payload, messageID: message)
            case .abandon(let row, let reason): try await store.abandon(row, reason: reason, at: time.now)
            case .abandonAll(let newest, let reason):
                try await store.abandonAll(in: conversation, upTo: newest, reason: reason, at: time.now)
            }
            return .written()
        } catch { return .storeFailed(error) }
    }
}
