import BotCore
import BotSessions

/// What came with the message of a turn, loaded for the requests of this turn alone: it is in no log and in no later context.
struct TurnMedia: Sendable, Equatable {
    /// A picture, and the most tokens that it costs.
    struct Picture: Sendable, Equatable {
        let image: PromptImage
        let tokens: Int
    }

    /// A text file, and what it is called to the person.
    struct File: Sendable, Equatable {
        let file: PromptFile
        let label: String
    }

    static let none = TurnMedia()

    var pictures: [Picture] = []
    var files: [File] = []
    /// Lines for the model: what it is not shown, and what to do when there were no words.
    var hints: [String] = []
    /// Lines for the person, which stand under the answer.
    var notes: [String] = []

    /// The bytes that it holds.
    var bytes: Int {
        pictures.reduce(0) { $0 + $1.image.bytes.count } + files.reduce(0) { $0 + $1.file.text.utf8.count }
    }

    /// What one request shows of it.
    ///
    /// - Parameters:
    ///   - room: the tokens of the model that there are for it; nil when the window is not known.
    ///   - fileTokens: the most tokens of files.
    func part(within room: Int?, fileTokens: Int, sizes: some MediaSizes) -> MediaPart {
        let pictureTokens = pictures.reduce(0) { $0 + $1.tokens }
        // What pictures cost is an upper bound that few models reach: they go in, and in the reckoning take no more than there is.
        let reckoned = min(pictureTokens, room.map { $0 / (files.isEmpty ? 1 : 2) } ?? .max)
        let left = room.map { max(0, $0 - reckoned) } ?? .max
        let shown = files.isEmpty ? FileBlocks.none : sizes.blocks(of: files.map(\.file), within: min(fileTokens, left))
        let text = [shown.text, hints.joined(separator: "\n")].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return MediaPart(
            images: pictures.map(\.image), imageTokens: reckoned, text: text, textTokens: sizes.tokens(of: text),
            notes: notes + cuts(shown))
    }

    private func cuts(_ shown: FileBlocks) -> [String] {
        zip(files, shown.shares).compactMap { file, share in
            if share >= 1 { return nil }
            let percent = Int((share * 100).rounded(.down))
            return percent < 1
                ? "(There was no room to show the model \(file.label).)"
                : "(\(file.label) is long: the model was shown its beginning and its end, \(percent) % of it.)"
        }
    }
}

/// Knows how large texts are for a model.
protocol MediaSizes {
    /// The blocks of some files, within tokens of the model.
    func blocks(of files: [PromptFile], within limit: Int) -> FileBlocks
    /// The most tokens of the model that a text is.
    func tokens(of text: String) -> Int
}

/// What one request shows of what came with a message.
struct MediaPart: Sendable, Equatable {
    static let none = MediaPart(images: [], imageTokens: 0, text: "", textTokens: 0, notes: [])

    let images: [PromptImage]
    /// The most tokens that the pictures are reckoned as.
    let imageTokens: Int
    /// What stands behind the newest words of the user.
    let text: String
    /// The most tokens of the model that it is.
    let textTokens: Int
    /// Lines for the person, which stand under the answer.
    let notes: [String]

    /// The messages of a context with it: in the newest message of the user, which is the one that the turn answers.
    func added(to messages: [PromptMessage]) -> [PromptMessage] {
        guard !images.isEmpty || !text.isEmpty, let place = messages.lastIndex(where: { $0.role == .user }) else {
            return messages
        }
        var messages = messages
        let words = messages[place].content
        messages[place] = PromptMessage(
            role: .user, content: [words, text].filter { !$0.isEmpty }.joined(separator: "\n\n"), images: images)
        return messages
    }
}
