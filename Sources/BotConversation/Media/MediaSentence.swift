import BotCore

/// What is said about what came with a message: to the person, and to the model.
enum MediaSentence {
    /// What the person is told in place of an answer when there are no words to answer and nothing that the model could look at.
    static func nothingToAnswer(_ media: StoredMedia, _ plan: MediaPlan, hasChoice: Bool) -> String {
        if plan.unseen > 0 {
            let other = hasChoice ? ", or choose another model with /model" : ""
            return
                "The model that answers here cannot look at pictures. Please describe in words what it is about\(other)."
        }
        return unreadable(media.unreadable.isEmpty ? ["message"] : media.unreadable)
    }

    /// What the person is told of messages that cannot be read at all.
    static func unreadable(_ kinds: [String]) -> String {
        if kinds == [InboundEvent.roleMention] {
            return "I cannot see what you wrote. Please mention me, not my role, and write it again."
        }
        let names = kinds.map { DisplayName.cleaned($0) }.joined(separator: ", ")
        return "I cannot read this kind of message (\(names)). Please write it as text."
    }

    /// The lines that stand under an answer.
    static func notes(_ media: StoredMedia, _ plan: MediaPlan) -> [String] {
        var notes: [String] = []
        if plan.unseen > 0 {
            let what = plan.unseen == 1 ? "picture" : "pictures"
            notes.append("(The model that answers here cannot look at pictures, so it has not seen your \(what).)")
        }
        if let kind = media.unreadable.first {
            let read = plan.items.isEmpty ? "words" : "rest"
            notes.append("(I cannot read what came with it (\(DisplayName.cleaned(kind))), only the \(read).)")
        }
        if plan.leftOut > 0 {
            let (seen, all) = (plan.items.count, plan.items.count + plan.leftOut)
            notes.append("(That was too much to look at at once: I have looked at the first \(seen) of \(all).)")
        }
        return notes
    }

    /// The lines that stand behind the words for the model.
    static func hints(_ media: StoredMedia, _ plan: MediaPlan, isShown: Bool) -> [String] {
        var hints: [String] = []
        if plan.unseen > 0 { hints.append(PromptMessage.unseen(plan.unseen)) }
        if !media.unreadable.isEmpty {
            let kinds = media.unreadable.map { DisplayName.cleaned($0) }.joined(separator: ", ")
            hints.append("[You are not shown what came with this message: \(kinds).]")
        }
        if plan.leftOut > 0 { hints.append("[\(plan.leftOut) more came with this message that you are not shown.]") }
        if isShown, !media.hasWords, media.attachments.contains(where: { $0.isPaste == true }) {
            hints.append(
                "[It is what the person has written; it was too long for one message. Answer it as their message.]")
        } else if isShown, !media.hasWords {
            hints.append("[It came without words. Look at it, say in short what it shows or says, and help with it.]")
        }
        return hints
    }
}
