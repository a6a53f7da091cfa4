/// The state of a link to the outside, for health and the page.
package enum LinkState: String, Sendable, Codable {
    /// Not configured.
    case off
    /// Connecting, or trying again.
    case connecting
    /// Up.
    case connected
    /// Another program uses the same token (Telegram 409).
    case conflict
    /// Stopped for good until the owner mends something.
    case failed
}

/// Knows of each link what state it is in, since when it was last known to work, and what to do about it.
package final class LinkMonitor: Sendable {
    /// What is known of one link.
    package struct Status: Sendable, Equatable {
        package var state: LinkState
        /// When the state was entered.
        package var since: Duration
        /// When the link was last seen to work (an answered poll, an acknowledged heartbeat), or when it was added.
        package var lastSeen: Duration
        /// One sentence for the owner when something is wrong.
        package var problem: String?
    }

    private let time: any TimeSource
    private let links = Lock<[String: Status]>([:])
    private let advice = Lock<[String: String]>([:])

    package init(time: any TimeSource) { self.time = time }

    /// Sets a link's state; a problem is one sentence that says what is wrong and what to do.
    package func set(_ link: String, to state: LinkState, problem: String? = nil) {
        let uptime = time.uptime
        links.withLock { links in
            var status = links[link] ?? Status(state: state, since: uptime, lastSeen: uptime)
            if status.state != state { status.since = uptime }
            status.state = state
            status.problem = problem
            if state == .connected { status.lastSeen = uptime }
            links[link] = status
        }
    }

    /// Notes that the link has just been seen to work.
    package func seen(_ link: String) { set(link, to: .connected) }

    /// Notes what the owner should mend although the link works; it is its problem for as long as it has no other. Nil when it is mended.
    package func advise(_ link: String, _ sentence: String?) { advice.withLock { $0[link] = sentence } }

    /// All links by name.
    package var all: [String: Status] {
        let advice = advice.withLock { $0 }
        return links.withLock { $0 }.reduce(into: [:]) { all, link in
            all[link.key] = link.value
            if link.value.state == .connected, link.value.problem == nil { all[link.key]?.problem = advice[link.key] }
        }
    }

    /// The time since the link was last seen to work.
    package func age(of status: Status) -> Duration { time.uptime - status.lastSeen }
}
