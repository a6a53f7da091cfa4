import BotCore

extension ConversationServices {
    /// Why somebody may not do something; nil when they may. It may ask the platform, for a few seconds.
    ///
    /// - Parameters:
    ///   - author: the id of the person whose turn, question or deed it is about, and their cleaned name.
    func refusal(
        of deed: Deed, for event: InboundEvent, author: (id: String, name: String)? = nil
    ) async -> String? {
        let platform = event.conversation.platform
        let standing = access.standing(of: event.speaker, on: platform, in: event.scope)
        func verdict(_ isAdministrator: Bool?) -> Rights.Verdict {
            settings.rights.verdict(
                on: deed, by: standing, isAuthor: author?.id == event.speaker.id, author: author?.name,
                isAdministrator: isAdministrator, isShared: event.isOfOthersToo)
        }
        switch verdict(nil) {
        case .allowed: return nil
        case .refused(let sentence): return sentence
        case .askPlatform: break
        }
        let answer = await administrators.contain(event.speaker, in: event.scope, on: platform)
        guard case .refused(let sentence) = verdict(answer ?? false) else { return nil }
        return answer == nil ? "\(sentence) \(Rights.unclear)" : sentence
    }
}
