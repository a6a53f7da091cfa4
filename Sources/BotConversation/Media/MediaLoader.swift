import BotCore
import BotSessions
import Logging

/// Loads what came with the message of a turn, when the turn begins: people are let in by then.
struct MediaLoader: Sendable {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        case ready(TurnMedia)
        /// There is nothing that a model could answer: the person is told why.
        case declined(String)
        /// The task was cancelled.
        case cancelled
    }

    let source: (any AttachmentSource)?
    let platform: Platform
    /// Whether the chat may choose another model.
    let hasChoice: Bool
    let logger: Logger

    func load(_ media: StoredMedia, by plan: MediaPlan) async -> Outcome {
        let loaded = await loadAll(plan.items)
        if Task.isCancelled { return .cancelled }
        var turn = TurnMedia.none
        var problems = plan.tooLarge.map { MediaProblem.tooLarge(bytes: $0.attachment.byteCount, $0.kind) }
            .enumerated().map { $1.sentence(about: subject(plan.tooLarge[$0].attachment, among: media), on: platform) }
        for (item, result) in zip(plan.items, loaded) {
            switch result {
            case .picture(let picture): turn.pictures.append(picture)
            case .text(let text):
                let name = MediaMarks.name(of: item.attachment)
                turn.files.append(
                    .init(file: PromptFile(name: name, text: text), label: Excerpt.literal(name, on: platform)))
            case .problem(let problem):
                problems.append(problem.sentence(about: subject(item.attachment, among: media), on: platform))
            }
        }
        let isShown = !turn.pictures.isEmpty || !turn.files.isEmpty
        if !isShown, !problems.isEmpty { return .declined(problems.joined(separator: " ")) }
        if !isShown, !media.hasWords {
            return .declined(MediaSentence.nothingToAnswer(media, plan, hasChoice: hasChoice))
        }
        turn.hints = MediaSentence.hints(media, plan, isShown: isShown)
        turn.notes = problems.map { "(\($0))" } + MediaSentence.notes(media, plan)
        return .ready(turn)
    }

    /// What a sentence about an attachment begins with.
    private func subject(_ attachment: Attachment, among media: StoredMedia) -> String {
        guard attachment.kind == .photo else {
            return attachment.fileName == nil
                ? "The file" : Excerpt.literal(MediaMarks.name(of: attachment), on: platform)
        }
        let photos = media.attachments.filter { $0.kind == .photo }
        guard photos.count > 1, let place = photos.firstIndex(of: attachment) else { return "The photo" }
        return "Photo \(place + 1)"
    }

    // MARK: - Loading

    private enum Loaded: Sendable {
        case picture(TurnMedia.Picture)
        case text(String)
        case problem(MediaProblem)
    }

    /// All at once, in their order.
    private func loadAll(_ items: [MediaPlan.Item]) async -> [Loaded] {
        await withTaskGroup(of: (Int, Loaded).self) { group in
            for (place, item) in items.enumerated() {
                group.addTask { (place, await load(item)) }
            }
            var results = [Loaded](repeating: .problem(.unavailable), count: items.count)
            for await (place, result) in group { results[place] = result }
            return results
        }
    }

    private func load(_ item: MediaPlan.Item) async -> Loaded {
        guard let source else { return .problem(.unavailable) }
        do throws(AttachmentError) {
            let bytes = try await source.fetch(item.attachment.reference, limit: item.limit)
            return Self.read(bytes, as: item.kind)
        } catch {
            switch error {
            case .tooLarge: return .problem(.tooLarge(bytes: nil, item.kind))
            case .gone: return .problem(.gone)
            case .cancelled: return .problem(.unavailable)
            case .unavailable(let what):
                logger.warning("attachment not loaded", metadata: ["chat.platform": "\(platform)", "error": "\(what)"])
                return .problem(.unavailable)
            }
        }
    }

    /// Reads bytes as what they were said to be; what they are decides.
    private static func read(_ bytes: [UInt8], as kind: FileKind) -> Loaded {
        if bytes.isEmpty { return .problem(.empty) }
        switch kind {
        case .image:
            guard let header = ImageHeader(bytes) else { return .problem(.notAPicture) }
            guard max(header.width, header.height) <= MediaLimits.imageSide else {
                return .problem(.tooManyPixels(width: header.width, height: header.height))
            }
            let image = PromptImage(mediaType: header.format.mediaType, bytes: bytes)
            let tokens = ImageTokens.bound(width: header.width, height: header.height)
            return .picture(.init(image: image, tokens: tokens))
        case .text:
            guard let text = TextFile.text(of: bytes) else { return .problem(.notText) }
            return text.allSatisfy(\.isWhitespace) ? .problem(.empty) : .text(text)
        }
    }
}
