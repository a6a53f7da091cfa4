/// Knows whether the answer to a message can open a thread.
struct ThreadPlaces: Sendable {
    private static let patience = Duration.seconds(5)

    let channels: ChannelDirectory

    /// Discord is asked about a channel whose type neither the message nor anything else has told; while it does not answer, the answer to
    /// the message goes into the channel.
    func contain(_ message: DiscordMessage) async -> Bool {
        guard message.guild != nil, message.thread == nil else { return false }
        if let type = message.channelType { return DiscordChannel.takesThreads(type) }
        do throws(RESTError) {
            return try await channels.find(message.channel, within: Self.patience)?.takesThreads ?? false
        } catch {
            return false
        }
    }
}
