import BotCore

/// Why the model is not shown something that came with a message.
enum MediaProblem: Sendable, Equatable {
    case tooLarge(bytes: Int?, FileKind)
    case gone
    case unavailable
    /// The bytes are no picture of a format that models take.
    case notAPicture
    case tooManyPixels(width: Int, height: Int)
    /// The bytes are no text.
    case notText
    case empty

    /// One plain sentence that says so and what to do.
    ///
    /// - Parameters:
    ///   - subject: what it is about, as `The photo` or a file's name.
    ///   - platform: where it was sent.
    func sentence(about subject: String, on platform: Platform) -> String {
        // Telegram makes pictures smaller that are sent as photos.
        let mend = platform == .telegram ? " Sent as a photo and not as a file it becomes smaller." : ""
        switch self {
        case .tooLarge(let bytes, let kind):
            let size = bytes.map { "\(MediaMarks.size(of: $0)); " } ?? ""
            return switch kind {
            case .image:
                """
                \(subject) is too large for me (\(size)I can look at \(MediaMarks.size(of: MediaLimits.imageBytes)) at \
                most).\(mend)
                """
            case .text:
                "\(subject) is too large for me (\(size)I read \(MediaMarks.size(of: MediaLimits.fileBytes)) at most)."
            }
        case .gone: return "\(subject) is not there any more. Please send it again."
        case .unavailable: return "\(subject) could not be loaded just now. Please send it again in a minute."
        case .notAPicture: return "\(subject) is no picture that I can look at: I know JPEG, PNG, WebP and GIF."
        case .tooManyPixels(let width, let height):
            return """
                \(subject) has too many pixels for me (\(width) × \(height); \(MediaLimits.imageSide) a side at most).\(mend)
                """
        case .notText: return "\(subject) is not a text that I can read."
        case .empty: return "\(subject) is empty."
        }
    }
}
