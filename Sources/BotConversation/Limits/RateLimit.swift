/// How fast questions may come: so many at once, and so many a minute after that.
package struct RateLimit: Sendable, Equatable {
    /// How many may come at once, after a pause.
    package var burst: Int
    /// How many a minute may come for ever; 0 limits nothing.
    package var perMinute: Int

    package init(burst: Int, perMinute: Int) {
        self.burst = burst
        self.perMinute = perMinute
    }

    /// Nothing is limited.
    package static let none = RateLimit(burst: 0, perMinute: 0)

    var isOn: Bool { burst > 0 && perMinute > 0 }
    /// How long one takes to come back.
    var interval: Duration { .milliseconds(60_000 / Int64(max(1, perMinute))) }
    /// Once the limit is passed, so many are waited for: else each would wait for the next one, and be told so.
    var resumption: Int { (burst + 1) / 2 }
}

/// The limits that hold for each person and for each chat (`limits.*` of the configuration).
package struct RateLimits: Sendable, Equatable {
    package var person: RateLimit
    package var chat: RateLimit

    package init(person: RateLimit = .none, chat: RateLimit = .none) {
        self.person = person
        self.chat = chat
    }
}
