import BotCore

/// A text file that one request shows the model.
package struct PromptFile: Sendable, Equatable {
    /// Its name, cleaned.
    package let name: String
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// Files as one request shows them: blocks of data that stand behind the newest words of the user. They are no part of the session, so
/// its token limit does not count them; whoever asks bounds them.
package struct FileBlocks: Sendable, Equatable {
    /// The blocks; empty when nothing fits.
    package let text: String
    /// Which part of each file is shown, from 0 to 1.
    package let shares: [Double]

    package init(text: String, shares: [Double]) {
        self.text = text
        self.shares = shares
    }

    package static let none = FileBlocks(text: "", shares: [])
}

extension SessionManager {
    /// The most tokens of the model that a text is.
    package func tokens(of text: String, for model: String) -> Int {
        let tokens = meter.tokens(of: model)
        return text.isEmpty ? 0 : tokens.bound(tokens.counter.count(text))
    }

    /// The blocks of some files. What is too long for its share is shown by its beginning and end; what a short file leaves goes to
    /// the others.
    ///
    /// - Parameters:
    ///   - limit: the most tokens of the model for all of them.
    ///   - model: as `openai/gpt-5`.
    package func blocks(of files: [PromptFile], within limit: Int, for model: String) -> FileBlocks {
        let tokens = meter.tokens(of: model)
        return FileBlockMaker(files, counter: tokens.counter).blocks(within: tokens.counted(within: limit))
    }
}

/// Fits files into a limit. Pure.
struct FileBlockMaker {
    private struct Piece {
        let opening: String
        let text: String
        let tokens: Int
        let frame: Int
    }

    private static let end = "\n</file>"
    /// About what a blank line between two blocks costs; what it really costs shows when all is counted.
    private static let joining = 2

    private let pieces: [Piece]
    private let counter: any TokenCounter

    init(_ files: [PromptFile], counter: any TokenCounter) {
        self.counter = counter
        pieces = files.map { file in
            let opening = "<file name=\"\(file.name.replacing("\"", with: "'"))\">\n"
            let text = QuotedData.defused(file.text)
            return Piece(
                opening: opening, text: text, tokens: counter.count(text),
                frame: counter.count(opening + Self.end) + Self.joining)
        }
    }

    /// - Parameter limit: in tokens of the counter.
    func blocks(within limit: Int) -> FileBlocks {
        var room = limit - pieces.reduce(0) { $0 + $1.frame }
        // Joined they can cost more than their parts; then the next try aims lower.
        while room >= pieces.count, !pieces.isEmpty {
            let shown = shown(within: room)
            let text = zip(pieces, shown).map { $0.opening + $1 + Self.end }.joined(separator: "\n\n")
            let excess = counter.count(text) - limit
            if excess <= 0 {
                let shares = zip(pieces, shown).map { piece, text in
                    piece.text.isEmpty ? 1 : min(1, Double(text.utf8.count) / Double(piece.text.utf8.count))
                }
                return FileBlocks(text: text, shares: shares)
            }
            room -= max(excess, room / 8)
        }
        return FileBlocks(text: "", shares: pieces.map { _ in 0 })
    }

    private func shown(within room: Int) -> [String] {
        var shown = [String](repeating: "", count: pieces.count)
        var left = room
        for (rank, place) in pieces.indices.sorted(by: { pieces[$0].tokens < pieces[$1].tokens }).enumerated() {
            let piece = pieces[place]
            let share = left / (pieces.count - rank)
            let excerpt = HeadAndTail(piece.text, tokens: piece.tokens, counter: counter).shown(within: share)
            shown[place] = excerpt?.text ?? ""
            left -= excerpt?.tokens ?? 0
        }
        return shown
    }
}
