import BotCore
import BotSessions

/// `/export`: gives this conversation as a file, to read or as JSON.
struct ExportCommand: Command {
    static let description = CommandDescription(
        name: "export", summary: "Give you this conversation as a file", argument: "json, for programs to read",
        place: .direct)

    /// The most bytes of texts in a file. Platforms take files of 10 MiB (Discord) and 50 MB (Telegram), and with its frame it stays below.
    private static let maxBytes = 6 << 20

    let services: ConversationServices

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        if let refusal = await services.refusal(of: .export, for: call.event) { return .say(refusal) }
        guard let session = try await services.sessions.session(of: call.key),
            let transcript = try await services.sessions.transcript(of: session.id, maxBytes: Self.maxBytes),
            !transcript.messages.isEmpty
        else { return .say("There is nothing to export: I keep no message of this conversation.") }
        let writing = TranscriptWriting(transcript, of: call.key, at: services.time.now)
        let wantsJSON = call.arguments.split(whereSeparator: \.isWhitespace).map { $0.lowercased() } == ["json"]
        let file = wantsJSON ? writing.json : writing.text
        try await services.answer(call.entry, Self.caption(of: transcript), with: file)
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
