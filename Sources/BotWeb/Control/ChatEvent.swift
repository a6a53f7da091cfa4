/// What a terminal that chats with the bot is shown, as one line of JSON each.
package struct ChatEvent: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable {
        /// The connection stands.
        case ready
        /// The reply so far; it may be replaced.
        case draft
        /// A finished message.
        case message
        /// The bot is at work.
        case typing
    }

    package let kind: Kind
    package let text: String

    package init(kind: Kind, text: String = "") {
        self.kind = kind
        self.text = text
    }
}

/// A new pairing code, for the owner's eyes.
package struct PairingInvitation: Codable, Sendable, Equatable {
    package let code: String
    /// `https://t.me/<bot>?start=<code>` when Telegram is on.
    package let telegramLink: String?
    package let validSeconds: Int

    package init(code: String, telegramLink: String?, validSeconds: Int) {
        self.code = code
        self.telegramLink = telegramLink
        self.validSeconds = validSeconds
    }
}

/// What `mybot doctor` shows of a running bot.
package struct DoctorReport: Codable, Sendable, Equatable {
    /// One finding: what was looked at, whether it is well, and what to do when not.
    package struct Finding: Codable, Sendable, Equatable {
        package let what: String
        package let isWell: Bool
        package let details: String

        package init(what: String, isWell: Bool, details: String) {
            self.what = what
            self.isWell = isWell
            self.details = details
        }
    }

    package let findings: [Finding]

    package init(findings: [Finding]) { self.findings = findings }
}
