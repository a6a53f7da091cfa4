import BotCore
import BotHTTP
import Testing

@testable import BotTelegram

struct ErrorClassifierTests {
    typealias Row = (code: Int, text: String, attempt: ErrorClassifier.Attempt, expected: String)

    /// The words are Telegram's own; the class is the name of the delivery error's case.
    static let rows: [Row] = [
        (403, "Forbidden: bot was blocked by the user", .send, "chatGone"),
        (403, "Forbidden: the group chat was deleted", .send, "chatGone"),
        (403, "Forbidden: not enough rights to send text messages to the chat", .send, "chatUnavailable"),
        (403, "Forbidden: user is deactivated", .send, "chatGone"),
        (403, "Forbidden: bot was kicked from the supergroup chat", .send, "chatGone"),
        (403, "Forbidden: bot is not a member of the channel chat", .edit, "chatGone"),
        (403, "Forbidden: bot can't initiate conversation with a user", .send, "chatGone"),
        (400, "Bad Request: chat not found", .send, "chatGone"),
        (400, "Bad Request: PEER_ID_INVALID", .send, "chatGone"),
        (400, "Bad Request: not enough rights to send text messages to the chat", .send, "chatUnavailable"),
        (400, "Bad Request: have no rights to send a message", .send, "chatUnavailable"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", .send, "chatUnavailable"),
        (400, "Bad Request: message thread not found", .send, "chatUnavailable"),
        (400, "Bad Request: TOPIC_CLOSED", .send, "chatUnavailable"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", .send, "chatGone"),
        (
            400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 1", .send,
            "markupRefused"
        ),
        (400, "Bad Request: can't parse entities: Can't find end of the entity", .edit, "markupRefused"),
        (400, "Bad Request: message to delete not found", .remove, "success"),
        (400, "Bad Request: message can't be deleted", .remove, "refused"),
        (400, "Bad Request: ENTITY_BOUNDS_INVALID", .send, "markupRefused"),
        (400, "Bad Request: entity URL 'http://x/' is invalid: Wrong HTTP URL", .send, "markupRefused"),
        (400, "Bad Request: entity of the type bold beyond the text", .draft, "markupRefused"),
        (
            400, "Bad Request: message is not modified: specified new message content ... are exactly the same", .edit,
            "success"
        ),
        (400, "Bad Request: message to edit not found", .edit, "messageMissing"),
        (400, "Bad Request: message can't be edited", .edit, "messageMissing"),
        (400, "Bad Request: MESSAGE_ID_INVALID", .edit, "messageMissing"),
        (400, "Bad Request: there is no text in the message to edit", .edit, "messageMissing"),
        (400, "Bad Request: TEXTDRAFT_PEER_INVALID", .draft, "previewUnsupported"),
        (404, "Not Found: method not found", .draft, "previewUnsupported"),
        (404, "Not Found", .send, "linkDown"),
        (401, "Unauthorized", .send, "linkDown"),
        (429, "Too Many Requests: retry after 5", .send, "rateLimited"),
        (500, "Internal Server Error: restart", .send, "notSent"),
        (502, "Bad Gateway", .edit, "notSent"),
        (400, "Bad Request: message is too long", .send, "refused"),
        (400, "Bad Request: MESSAGE_TOO_LONG", .edit, "refused"),
        (400, "Bad Request: message text is empty", .send, "refused"),
        (400, "Bad Request: text must be non-empty", .send, "refused"),
        (400, "Bad Request: strings must be encoded in UTF-8", .send, "refused"),
        (413, "Request Entity Too Large", .send, "refused"),
    ]

    @Test("T25 T31 T34 T35: each error of Telegram has its class", arguments: rows)
    func sortsErrors(row: Row) {
        let failure = CallFailure.refused(.init(code: row.code, description: row.text, retryAfter: .seconds(5)))
        let error = ErrorClassifier.deliveryError(for: failure, in: row.attempt)
        #expect(Self.name(error) == row.expected)
        if case .rateLimited(let span, let everywhere) = error {
            #expect(span == .seconds(5))
            #expect(!everywhere)
        }
    }

    @Test(
        "T24: a group that was upgraded is somewhere else now",
        arguments: [ErrorClassifier.Attempt.send, .edit, .typing, .draft])
    func followsMoves(attempt: ErrorClassifier.Attempt) {
        let failure = CallFailure.refused(
            .init(
                code: 400, description: "Bad Request: group chat was upgraded to a supergroup chat",
                newChat: -1_001_234_567))
        #expect(ErrorClassifier.deliveryError(for: failure, in: attempt) == .chatMoved(to: "-1001234567"))
    }

    @Test(
        "T33: what surely did not leave may be sent again, the rest is unknown",
        arguments: [
            (HTTPError.nameNotResolved("x"), "notSent"), (.cannotConnect("x"), "notSent"), (.untrusted("x"), "notSent"),
            (.timedOut(.connect), "notSent"), (.timedOut(.total), "outcomeUnknown"),
            (.timedOut(.firstByte), "outcomeUnknown"), (.connectionLost("x"), "outcomeUnknown"),
            (.cancelled, "cancelled"),
        ])
    func sortsLostAnswers(error: HTTPError, expected: String) {
        #expect(Self.name(ErrorClassifier.deliveryError(for: .transport(error), in: .send)) == expected)
    }

    @Test(
        "T33: a success that was cut off was carried out, a proxy's page was not Telegram's",
        arguments: [(200, "outcomeUnknown"), (502, "notSent"), (403, "notSent"), (404, "notSent")])
    func sortsStrangeAnswers(status: Int, expected: String) {
        #expect(Self.name(ErrorClassifier.deliveryError(for: .unreadable(status: status), in: .send)) == expected)
    }

    private static func name(_ error: DeliveryError?) -> String {
        guard let error else { return "success" }
        return String("\(error)".prefix { $0 != "(" })
    }
}
