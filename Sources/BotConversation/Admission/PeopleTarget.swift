import BotCore

/// Whom `/allow`, `/deny` or `/block` is about. Pure.
///
/// A person at whom the message points comes first: by replying to them, or by mentioning them. Names say nothing, for everybody can call
/// themselves what they like: so `admin` counts only as the first word, where no name can stand.
struct PeopleTarget: Equatable {
    enum Subject: Equatable {
        /// A person or a role.
        case entry(String, name: String)
        /// The chat or server that the command was sent in.
        case here(space: String, title: String)
        /// Somebody whom the platform does not name.
        case unknown
        /// Nobody.
        case none
    }

    let subject: Subject
    let asAdmin: Bool

    init(_ arguments: String, of event: InboundEvent) {
        var words = arguments.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        asAdmin = words.first?.lowercased() == "admin"
        if asAdmin { words = words.dropFirst() }
        subject = Self.subject(words, of: event)
    }

    private static func subject(_ words: ArraySlice<String>, of event: InboundEvent) -> Subject {
        if let references = event.references {
            // Two people at once could be confused.
            let entries = Set(references.map(\.entry))
            guard entries.count == 1, let reference = references.first, let entry = reference.entry else {
                return .unknown
            }
            return .entry(entry, name: reference.name)
        }
        guard let word = words.first else {
            guard case .shared(let space, let title) = event.scope else { return .none }
            return .here(space: space, title: title)
        }
        guard words.count == 1, let entry = entry(word, on: event.conversation.platform) else { return .unknown }
        return .entry(entry, name: "")
    }

    /// An entry as it is written, or a mention as Discord writes it (Reference, "Message Formatting").
    private static func entry(_ word: String, on platform: Platform) -> String? {
        let lowercased = word.lowercased()
        if AccessEntry.isWellFormed(lowercased), lowercased != AccessEntry.everyone { return lowercased }
        guard platform == .discord, word.hasPrefix("<@"), word.hasSuffix(">") else { return nil }
        let inner = word.dropFirst(2).dropLast()
        let (kind, id) = (inner.first, inner.first.map { "&!".contains($0) } ?? false ? inner.dropFirst() : inner)
        guard !id.isEmpty, id.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return kind == "&" ? AccessEntry.role(String(id), on: platform) : AccessEntry.person(String(id), on: platform)
    }
}
