import BotCore
import BotSessions

/// `/export`: gives this conversation as a file, to read or as JSON.
struct ExportCommand: Command {
    static let description = CommandDescription(
        name: "export", summary: "Give you this conversation as a file", argument: "json, for programs to read",
        place: .direct)

    /// The most bytes of messages in a file, and what each has around its text. Platforms take files of 10 MiB (Discord) and 50 MB (Telegram);
    /// in JSON the signs of a text may take twice their room.
    static let maxBytes = 4 << 20
    static let overhead = 256
    /// A conversation is given once in so long: a file waits in the database until it has arrived.
    private static let pause = Duration.seconds(60)

    let services: ConversationServices
    /// When conversations were given, in uptime.
    private let given = Lock(RecentMap<ConversationKey, Duration>(capacity: 1000))

    init(services: ConversationServices) { self.services = services }

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .export, for: call.event) { return .say(refusal) }
        let now = services.time.uptime
        if let last = given.withLock({ $0[call.key] }), now < last + Self.pause {
            return .say("I have given you this conversation just now. Please ask again in a minute.")
        }
        guard let session = try await services.sessions.session(of: call.key),
            let transcript = try await services.sessions.transcript(
                of: session.id, maxBytes: Self.maxBytes, overhead: Self.overhead),
            !transcript.messages.isEmpty
        else { return .say("There is nothing to export: I keep no message of this conversation.") }
        let writing = TranscriptWriting(transcript, of: call.key, at: services.time.now)
        let wantsJSON = call.arguments.split(whereSeparator: \.isWhitespace).map { $0.lowercased() } == ["json"]
        let file = wantsJSON ? writing.json : writing.text
        try await services.answer(call.entry, Self.caption(of: transcript), with: file)
        given.withLock { $0.set(now, for: call.key) }
        return .done
    }

    private static func caption(of transcript: SessionTranscript) -> String {
        let count = ResetCommand.count(transcript.messages.count, "message")
        let rest =
            transcript.leftOut == 0
            ? "" : " The oldest \(ResetCommand.count(transcript.leftOut, "message")) did not fit in."
        return "Here is this conversation: \(count).\(rest)"
    }
}

extension InboundEvent {
    /// Whether the conversation is not the person's alone.
    var isOfOthersToo: Bool { scope.isShared && conversation.person == nil }
}
