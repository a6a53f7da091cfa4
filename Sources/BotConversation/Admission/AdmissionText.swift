import BotCore

/// What is said about strangers, and to them. Pure.
enum AdmissionText {
    /// To a stranger whom nobody can be asked about.
    static func closed(_ entry: String) -> String {
        """
        Hello! I am a private bot and answer only people whom my owner has let in. \
        If you know my owner, tell them to add you: your entry is \(entry)
        """
    }

    /// To a stranger, at most once a day.
    static func reply(_ reply: AdmissionReply, to entry: String) -> String {
        switch reply {
        case .asked:
            """
            Hello! I am a private bot. I have asked my owner whether I may talk to you, and answer you here as soon as \
            they have said yes.
            """
        case .waiting: "My owner has not decided yet whether I may talk to you. I answer you here as soon as they have."
        case .denied: "Hello! I am a private bot and answer only people whom my owner has let in."
        case .full, .letIn: closed(entry)
        }
    }

    /// To a stranger who was denied.
    static let denied = "I am sorry: my owner has not let you in, so I cannot talk to you."

    /// To those who decide. What the stranger has written is theirs, and looks like it.
    static func question(_ request: AdmissionRequest) -> String {
        """
        Somebody wants to talk to me.

        Name: \(StrangerText.name(request.name))
        Who: \(source(of: request.entry))
        \(words(of: request.event))

        Name and words are their own: I cannot vouch for them. Allow lets them talk to me, Deny says no to them for \
        30 days, Block is silence for good. /people shows everybody.
        """
    }

    static func buttons(_ request: AdmissionID) -> [ReplyButton] {
        [
            ReplyButton(label: "Allow", action: .decide(request, .allow)),
            ReplyButton(label: "Deny", action: .decide(request, .deny)),
            ReplyButton(label: "Block", action: .decide(request, .block)),
        ]
    }

    /// To who has decided.
    static func effect(_ effect: DecisionEffect, of verdict: AdmissionVerdict) -> String {
        switch effect {
        case .gone: gone
        case .decidedBefore(let request): decidedBefore(request)
        case .done(let decided): done(decided, verdict)
        }
    }

    static let gone = "Nobody waits for this any more."

    static func decidedBefore(_ request: AdmissionRequest) -> String {
        let what =
            switch request.state {
            case .asked, .allowed: "let in"
            case .denied: "denied"
            case .blocked: "blocked"
            }
        return "That was decided already: \(request.entry) was \(what)."
    }

    private static func done(_ decided: DecisionEffect.Decided, _ verdict: AdmissionVerdict) -> String {
        let who = subject(decided.entry, decided.name)
        if decided.now == .owner { return "\(who) is my owner: nothing has changed." }
        switch verdict {
        case .allow:
            let what = decided.now == .admin ? "is my admin now" : "may talk to me now"
            let next = decided.hadAsked ? " I answer what they have asked." : ""
            return decided.before == decided.now && !decided.hadAsked
                ? "\(who) was let in already." : "Done. \(who) \(what).\(next)"
        case .deny:
            if decided.hadAsked { return "Done. I have told \(who) that I may not talk to them." }
            if decided.now == .blocked { return "\(who) is blocked already; /allow lets them in." }
            if decided.before == nil { return "\(who) was not let in by name. /block shuts somebody out everywhere." }
            let rest = AccessEntry.isPerson(decided.entry) ? " Where a group or server is let in they still are; " : " "
            return "Done. \(who) is not let in any more.\(rest)/block shuts out for good."
        case .block:
            return "Done. I say nothing more to \(who). /allow lets them in again."
        }
    }

    /// Somebody or something with an entry, as `“Ada” (telegram:123)`.
    static func subject(_ entry: String, _ name: String) -> String {
        let words = StrangerText.cleaned(name, limit: StrangerText.nameLimit)
        return words.isEmpty ? entry : "“\(words)” (\(entry))"
    }

    private static func source(of entry: String) -> String {
        let platform =
            switch AccessEntry.person(in: entry)?.platform {
            case .telegram: "on Telegram"
            case .discord: "on Discord"
            default: ""
            }
        return platform.isEmpty ? entry : "\(entry), \(platform)"
    }

    private static func words(of event: InboundEvent?) -> String {
        switch event?.body {
        case .message(let message):
            let words = StrangerText.cleaned(String(message.text.prefix(2000)), limit: StrangerText.wordsLimit)
            return words.isEmpty ? "They have sent something without words." : "Words: “\(words)”"
        case .command: return "They have said hello."
        default: return "They have sent something without words."
        }
    }
}
