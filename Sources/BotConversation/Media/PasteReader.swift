import BotCore
import BotSessions

/// Reads words of a person that their client has made a file of, so that they are what any words are: in the log, in later contexts, found
/// by a search. What is too long for that stays a file, which one turn is shown.
struct PasteReader: Sendable {
    /// The longest wait for it: afterwards the turn tries once more, as with any file.
    private static let patience = Duration.seconds(10)

    let services: ConversationServices
    let platform: Platform

    /// The given messages with pastes as their words, as far as these could be read before somebody interrupts the turn.
    func read(_ bodies: [InboundEvent.Body], _ control: TurnControl) async -> [InboundEvent.Body] {
        guard bodies.contains(where: { $0.message?.paste != nil }) else { return bodies }
        let read = await withDeadline(Self.patience, by: services.time) {
            await withTaskGroup(of: [InboundEvent.Body]?.self) { group in
                group.addTask {
                    var read: [InboundEvent.Body] = []
                    for body in bodies { read.append(await self.read(body)) }
                    return read
                }
                group.addTask {
                    await control.waitForInterruption()
                    return nil
                }
                defer { group.cancelAll() }
                return await group.next() ?? nil
            }
        }
        return (read ?? nil) ?? bodies
    }

    private func read(_ body: InboundEvent.Body) async -> InboundEvent.Body {
        guard var message = body.message, let paste = message.paste, let source = services.attachments[platform],
            (paste.byteCount ?? 0) <= QuestionText.limit
        else { return body }
        let loaded = await services.mediaMemory.with(QuestionText.limit) { _ in
            // Why it cannot be had is told by the turn, which finds it as a file.
            try? await source.fetch(paste.reference, limit: QuestionText.limit)
        }
        guard let bytes = loaded ?? nil, let text = TextFile.text(of: bytes), isShort(text) else { return body }
        message.text = text
        message.attachments = []
        return .message(message)
    }

    /// Whether it leaves room in the session's limit for what else is said.
    private func isShort(_ text: String) -> Bool {
        let tokens = services.sessions.tokens(of: text, for: services.models.standard.name)
        return tokens <= services.sessions.settings.tokenLimit / 2
    }
}

extension InboundMessage {
    /// The file that holds its person's words; nil for a message that has words, or anything else.
    fileprivate var paste: Attachment? {
        attachments.count == 1 && text.allSatisfy(\.isWhitespace) ? attachments.first { $0.isPaste == true } : nil
    }
}
