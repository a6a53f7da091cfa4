/// What an owner or an admin decides about somebody.
package enum AdmissionVerdict: String, Sendable, Codable {
    /// They are answered from now on.
    case allow
    /// They are not, and nobody is asked about them for a while.
    case deny
    /// They are not, for good, whatever else would let them in.
    case block
}

/// What became of a stranger's request.
package enum AdmissionState: String, Sendable {
    case asked
    case allowed
    case denied
    case blocked
}

/// A stranger who has written in private and whom somebody has to decide about, or has decided about.
package struct AdmissionRequest: Sendable, Equatable {
    package let id: AdmissionID
    /// The person's entry, as `telegram:123`.
    package let entry: String
    /// What they call themselves, cleaned.
    package let name: String
    package let state: AdmissionState
    package let askedAt: Timestamp
    /// Whether owners and admins were told.
    package let isTold: Bool
    /// The entry of who has decided; nil while nobody has.
    package let decidedBy: String?
    /// What they have said, to be answered once they are let in; nil once somebody has decided.
    package let event: InboundEvent?

    package init(
        id: AdmissionID, entry: String, name: String, state: AdmissionState, askedAt: Timestamp, isTold: Bool,
        decidedBy: String?, event: InboundEvent?
    ) {
        self.id = id
        self.entry = entry
        self.name = name
        self.state = state
        self.askedAt = askedAt
        self.isTold = isTold
        self.decidedBy = decidedBy
        self.event = event
    }
}

/// How many requests are kept, and for how long.
package struct AdmissionRules: Sendable, Equatable {
    /// The most that wait for somebody's decision.
    package var mostOpen = 50
    /// After so long nobody is expected to decide any more, and what was said is deleted.
    package var openFor = Duration.seconds(7 * 86_400)
    /// So long a decision is remembered: who was denied may be asked about again after it.
    package var decidedFor = Duration.seconds(30 * 86_400)

    package init() {}
}

/// A stranger's event that may become a request.
package struct AdmissionDraft: Sendable {
    /// It ends.
    package let event: InboxID
    /// The person's entry.
    package let person: String
    /// What they call themselves, cleaned.
    package let name: String
    /// Where the answer to what they have said goes, whenever it comes: an address that does not age.
    package let address: ReplyAddress
    package let at: Timestamp

    package init(event: InboxID, person: String, name: String, address: ReplyAddress, at: Timestamp) {
        self.event = event
        self.person = person
        self.name = name
        self.address = address
        self.at = at
    }
}

/// What became of a stranger's event.
package enum AdmissionReply: Sendable, Hashable, CaseIterable {
    /// It is a new request.
    case asked
    /// Somebody has been asked about the person before.
    case waiting
    /// Somebody has said no, not long ago.
    case denied
    /// Too many wait to be decided about.
    case full
    /// They have been let in meanwhile: the event has not ended, and is to be handled like any other.
    case letIn
}

/// What somebody decides.
package struct AccessDecision: Sendable {
    /// About whom.
    package enum Subject: Sendable, Equatable {
        case request(AdmissionID)
        /// A person, chat, server or role by its entry.
        case entry(String, name: String)
    }

    package let subject: Subject
    package let verdict: AdmissionVerdict
    /// What they are with `.allow`: `.member` or `.admin`.
    package let role: AccessRole
    /// The entry of who decides.
    package let decidedBy: String
    /// The event of the command or press, which ends with it.
    package let event: InboxID
    package let at: Timestamp

    package init(
        _ verdict: AdmissionVerdict, _ subject: Subject, as role: AccessRole = .member, by decidedBy: String,
        event: InboxID, at: Timestamp
    ) {
        self.verdict = verdict
        self.subject = subject
        self.role = role
        self.decidedBy = decidedBy
        self.event = event
        self.at = at
    }
}

/// What a decision has changed.
package enum DecisionEffect: Sendable, Equatable {
    case done(Decided)
    /// Somebody was faster.
    case decidedBefore(AdmissionRequest)
    /// There is no such request (any more).
    case gone

    /// How it was, and how it is.
    package struct Decided: Sendable, Equatable {
        package let entry: String
        package let name: String
        /// What was stored for the entry, and what is.
        package let before: AccessRole?
        package let now: AccessRole?
        /// Whether they had asked.
        package let hadAsked: Bool

        package init(entry: String, name: String, before: AccessRole?, now: AccessRole?, hadAsked: Bool) {
            self.entry = entry
            self.name = name
            self.before = before
            self.now = now
            self.hadAsked = hadAsked
        }
    }
}

/// What has to be done after a decision.
package struct DecisionOutcome: Sendable, Equatable {
    /// Nil when the event had ended before: a crash came after the commit.
    package let effect: DecisionEffect?
    /// The answer to who decided, and the word to who was denied.
    package let rows: [OutboxRow]
    /// What the person had said: it is stored as an event once more, and to be handled.
    package let admitted: InboxEntry?

    package init(effect: DecisionEffect?, rows: [OutboxRow] = [], admitted: InboxEntry? = nil) {
        self.effect = effect
        self.rows = rows
        self.admitted = admitted
    }
}

/// A message to one of those who decide.
package struct AdmissionNotice: Sendable, Equatable {
    package let chunks: [RenderedChunk]
    package let conversation: ConversationKey
    package let address: ReplyAddress

    package init(chunks: [RenderedChunk], conversation: ConversationKey, address: ReplyAddress) {
        self.chunks = chunks
        self.conversation = conversation
        self.address = address
    }
}

extension AdmissionVerdict {
    /// The state of a request that it was said of.
    package var state: AdmissionState {
        switch self {
        case .allow: .allowed
        case .deny: .denied
        case .block: .blocked
        }
    }
}

extension AdmissionRequest {
    /// Whether it is too old to count.
    package func isLapsed(_ rules: AdmissionRules, at now: Timestamp) -> Bool {
        state == .asked && now.since(askedAt) >= rules.openFor
    }
}

extension AccessDecision {
    /// What is stored for an entry after the decision; nil for nothing. An owner stays one, and nobody loses a role by being let in.
    package func role(after before: AccessRole?) -> AccessRole? {
        switch (verdict, before) {
        case (_, .owner): .owner
        case (.allow, .admin): .admin
        case (.allow, _): role
        case (.deny, .blocked): .blocked
        case (.deny, _): nil
        case (.block, _): .blocked
        }
    }

    /// Whether it is about one person, and not about a chat, a server or a role.
    package var isAboutPerson: Bool {
        switch subject {
        case .request: true
        case .entry(let entry, name: _): entry.split(separator: ":").count == 2
        }
    }
}
