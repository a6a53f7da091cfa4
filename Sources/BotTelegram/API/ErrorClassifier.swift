import BotCore
import BotHTTP

/// Sorts failures of calls to a chat into the classes that delivery treats differently. The words are those of
/// `telegram-bot-api` and of the errors that it passes on from Telegram.
enum ErrorClassifier {
    /// What was tried; some errors mean different things for each.
    enum Attempt: Sendable { case send, edit, remove, draft, typing, press }

    /// The class of a failure; nil when it means that all is as it should be (`message is not modified`), or as good as it can be
    /// (`query is too old`).
    static func deliveryError(for failure: CallFailure, in attempt: Attempt) -> DeliveryError? {
        switch failure {
        case .refused(let refusal): classify(refusal, attempt)
        // A success that was cut off has been carried out; any other strange answer came from something in between.
        case .unreadable(let status):
            (200..<300).contains(status) ? .outcomeUnknown(failure.summary) : .notSent(failure.summary)
        case .transport(.cancelled): .cancelled
        case .transport(let error):
            error.wasSurelyNotSent ? .notSent(failure.summary) : .outcomeUnknown(failure.summary)
        }
    }

    private static func classify(_ refusal: CallFailure.Refusal, _ attempt: Attempt) -> DeliveryError? {
        let text = refusal.description
        if let chat = refusal.newChat { return .chatMoved(to: "\(chat)") }
        switch refusal.code {
        case 429: return .rateLimited(retryAfter: refusal.retryAfter ?? .seconds(3), everywhere: false)
        case 500...: return .notSent("error \(refusal.code): \(text)")
        case 401, 421: return .linkDown("error \(refusal.code): \(text)")
        case 403: return isGone(text) ? .chatGone(text) : .chatUnavailable(text)
        case 404: return attempt == .draft ? .previewUnsupported(text) : .linkDown("error 404: \(text)")
        case 400: return classifyBadRequest(text, attempt)
        default: return .refused("error \(refusal.code): \(text)")
        }
    }

    private static func classifyBadRequest(_ text: String, _ attempt: Attempt) -> DeliveryError? {
        let lowered = text.lowercased()
        func holds(_ words: [String]) -> Bool { words.contains { lowered.contains($0) } }

        if attempt == .edit, holds(["message is not modified"]) { return nil }
        if attempt == .press, holds(["query is too old"]) { return nil }
        if attempt == .remove, holds(["message to delete not found", "message_id_invalid"]) { return nil }
        if attempt == .draft, holds(draftWords) { return .previewUnsupported(text) }
        if holds(markupWords) { return .markupRefused(text) }
        if attempt == .edit, holds(missingWords) { return .messageMissing(text) }
        if isGone(text) { return .chatGone(text) }
        if holds(unreachableWords) { return .chatUnavailable(text) }
        return .refused(text)
    }

    private static func isGone(_ text: String) -> Bool {
        let lowered = text.lowercased()
        return goneWords.contains { lowered.contains($0) }
    }

    private static let draftWords = ["textdraft_peer_invalid", "method not found", "chat_type_invalid"]

    private static let markupWords = ["can't parse", "entity", "entities"]

    private static let missingWords = [
        "message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message to edit",
        "message identifier is not specified", "message_author_required", "message_edit_time_expired",
    ]

    /// The bot is shut out of the whole chat, whatever it tries.
    private static let goneWords = [
        "chat not found", "user not found", "peer_id_invalid", "chat_id_invalid", "channel_private",
        "bot was kicked", "bot was blocked", "bot is not a member", "user is deactivated", "user_is_blocked",
        "input_user_deactivated", "group chat was deactivated", "group chat was upgraded", "chat is deactivated",
        "chat was deleted", "bot can't initiate", "can't send messages to bots",
    ]

    /// This message, or this topic, is not taken.
    private static let unreachableWords = [
        "have no rights", "not enough rights", "need administrator rights",
        "chat_write_forbidden", "chat_restricted", "chat_admin_required", "chat_send_plain_forbidden",
        "message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid",
        "can't send messages to",
    ]
}
