import BotCore

/// Shows what there is of a reply that is being made.
extension DeliveryEngine {
    func show(
        _ work: DeliveryOperation.Work, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome {
        switch work {
        case .beginPreview(let row, let text):
            guard let frame = frame(of: text, in: row, transport), let chunk = frame.chunk else { return .unchanged }
            let outcome = await send(chunk, of: row, nonce: row.nonce, label: nil, over: transport)
            guard case .sent(let message, _, _) = outcome else { return outcome }
            return .begun(message: message, frame)
        case .editPreview(let row, let message, let text, let shown):
            guard let frame = frame(of: text, in: row, transport), let chunk = frame.chunk else { return .unchanged }
            if chunk == shown { return frame.isFull ? .framed(frame) : .unchanged }
            let outcome = await edit(message, to: chunk, at: row.address, over: transport)
            guard case .shown = outcome else { return outcome }
            return .framed(frame)
        case .draft(let row, let turn, let text, let shown):
            var frame = DeliveryOperation.Frame(chunk: .nothing)
            if let text {
                guard let next = self.frame(of: text, in: row, transport) else { return .unchanged }
                if next.isFull { return .draftFull }
                if next.chunk == shown { return .unchanged }
                frame.chunk = next.chunk
            }
            return await showDraft(frame, turn: turn, at: row.address, over: transport)
        case .send, .edit, .remove, .openPart, .typing, .write: return .unchanged
        }
    }

    /// What the row's message shows of an unfinished reply; nil while the reply does not reach it.
    private func frame(
        of text: String, in row: OutboxRow, _ transport: any ChatTransport
    ) -> DeliveryOperation.Frame? {
        let messages = transport.renderPreview(text)
        guard row.chunk < messages.count else { return nil }
        return DeliveryOperation.Frame(chunk: messages[row.chunk], isFull: row.chunk + 1 < messages.count)
    }

    private func showDraft(
        _ frame: DeliveryOperation.Frame, turn: TurnID, at address: ReplyAddress, over transport: any ChatTransport
    ) async -> DeliveryOperation.Outcome {
        let chunk = frame.chunk ?? .nothing
        do throws(DeliveryError) {
            try await transport.showDraft(chunk, turn: turn, at: address)
            return .framed(frame)
        } catch {
            return failure(error, style: otherStyle(at: address, afterPlaceholder: chunk.isNothing, transport))
        }
    }

    /// How previews go on where drafts are not taken: only in another way than drafts. Where it was the placeholder that was
    /// not taken, drafts may be.
    private func otherStyle(
        at address: ReplyAddress, afterPlaceholder: Bool, _ transport: any ChatTransport
    ) -> PreviewStyle {
        let style = transport.previewStyle(at: address)
        guard case .draft(_, let hasPlaceholder) = style else { return style }
        return afterPlaceholder && !hasPlaceholder ? style : .off
    }
}
