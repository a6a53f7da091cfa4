/// A button under a message of the bot.
package struct ReplyButton: Sendable, Hashable, Codable {
    /// What stands on it, in at most 64 characters: a word or two.
    package let label: String
    /// What pressing it does.
    package let action: ReplyAction

    package init(label: String, action: ReplyAction) {
        self.label = label
        self.action = action
    }
}

/// What a button does, and to what.
///
/// Platforms keep it under the message as `code` and hand it back when the button is pressed. Whoever can see the chat can also send a code
/// that stands under no message, so it says nothing about who may press: that is looked up (see `ButtonStore`).
package enum ReplyAction: Sendable, Hashable {
    /// Answers the message of a turn once more, as `/retry` does.
    case retry(TurnID)
    /// Lets the model go on with the answer of a turn, which had reached its longest length.
    case resume(TurnID)
    /// Takes back the `/reset` that came with an event, as `/undo` does.
    case undoReset(InboxID)
    /// Decides about a stranger who has asked to be let in.
    case decide(AdmissionID, AdmissionVerdict)
}

extension ReplyAction: RawRepresentable, Codable {
    private enum Kind: String {
        case retry = "r"
        case resume = "c"
        case undoReset = "u"
        case allow = "a"
        case deny = "d"
        case block = "b"
    }

    /// The version of the code, so that a later one can mean something else by the same letters.
    private static let version: Character = "1"

    /// The code, as `1r4711`: ASCII, at most 21 bytes (Telegram takes 64 as `callback_data`, Discord 100 as `custom_id`).
    package var rawValue: String {
        let (kind, number): (Kind, Int64) =
            switch self {
            case .retry(let turn): (.retry, turn.rawValue)
            case .resume(let turn): (.resume, turn.rawValue)
            case .undoReset(let event): (.undoReset, event.rawValue)
            case .decide(let request, .allow): (.allow, request.rawValue)
            case .decide(let request, .deny): (.deny, request.rawValue)
            case .decide(let request, .block): (.block, request.rawValue)
            }
        return "\(Self.version)\(kind.rawValue)\(number)"
    }

    /// Reads a code; nil when it is none of this version.
    package init?(rawValue: String) {
        guard rawValue.utf8.count <= 21, rawValue.first == Self.version,
            let kind = Kind(rawValue: String(rawValue.dropFirst().prefix(1))),
            let number = Int64(rawValue.dropFirst(2)), number > 0, "\(number)" == rawValue.dropFirst(2)
        else { return nil }
        switch kind {
        case .retry: self = .retry(TurnID(number))
        case .resume: self = .resume(TurnID(number))
        case .undoReset: self = .undoReset(InboxID(number))
        case .allow: self = .decide(AdmissionID(number), .allow)
        case .deny: self = .decide(AdmissionID(number), .deny)
        case .block: self = .decide(AdmissionID(number), .block)
        }
    }
}
