package import BotCore

/// What a writer was told by the store: it is committed. As a line of text it survives the writer.
package enum Acknowledgement: Sendable, Equatable {
    /// The deed's event is in the inbox.
    case accepted(chat: Int, deed: Int)
    /// A message stands in the log under this number.
    case message(Deed.Place, seq: Int64)
    /// What of the log is shown has changed to this.
    case view(chat: Int, View)
    /// The deed is done.
    case done(chat: Int, deed: Int)
    /// Something that must never be.
    case problem(String)

    package var line: String {
        switch self {
        case .accepted(let chat, let deed): "accepted \(chat) \(deed)"
        case .message(let place, let seq): "message \(place.chat) \(place.deed) \(place.part) \(seq)"
        case .view(let chat, let view):
            "view \(chat) \(view.epoch) \(view.revision) \(view.floor) \(view.covered)"
        case .done(let chat, let deed): "done \(chat) \(deed)"
        case .problem(let text): "problem \(text)"
        }
    }

    /// Reads a line; nil when it is none.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        if words[0] == "problem" {
            self = .problem(String(words[1]))
            return
        }
        let numbers = words[1].split(separator: " ").compactMap { Int($0) }
        switch (words[0], numbers.count) {
        case ("accepted", 2): self = .accepted(chat: numbers[0], deed: numbers[1])
        case ("message", 4):
            self = .message(
                Deed.Place(chat: numbers[0], deed: numbers[1], part: numbers[2]), seq: Int64(numbers[3]))
        case ("view", 5):
            let numbers64 = numbers.map(Int64.init)
            self = .view(
                chat: numbers[0],
                View(epoch: numbers64[1], revision: numbers64[2], floor: numbers64[3], covered: numbers64[4]))
        case ("done", 2): self = .done(chat: numbers[0], deed: numbers[1])
        default: return nil
        }
    }
}

/// What of a session's log is shown.
package struct View: Sendable, Equatable {
    package let epoch: Int64
    package let revision: Int64
    package let floor: Int64
    package let covered: Int64

    package init(epoch: Int64, revision: Int64, floor: Int64, covered: Int64) {
        self.epoch = epoch
        self.revision = revision
        self.floor = floor
        self.covered = covered
    }

    package init(_ session: Session) {
        self.init(
            epoch: session.epoch, revision: session.revision, floor: session.floorSeq, covered: session.coverage.seq)
    }
}
