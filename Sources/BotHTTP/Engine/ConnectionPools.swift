import CCurl

/// The connections that belong to labels: each label has a cache of its own, which no other request looks into.
///
/// A cache is a share handle of libcurl. It is used on the loop's thread alone, so it needs no lock functions.
struct ConnectionPools {
    private struct Pool {
        let share: UnsafeMutableRawPointer
        var users = 0
        var idleSince: Duration = .zero
    }

    /// How long a label's connection is kept for its next request; libcurl itself takes none that is older than 118 s.
    static let idleLimit = Duration.seconds(120)
    /// The most labels that are kept while no request uses them; beyond it the longest idle goes.
    static let keptLabels = 64

    private var pools: [String: Pool] = [:]

    /// The cache for a request with this label; to be given back with `release`. Nil when there is no memory.
    mutating func take(_ label: String) -> UnsafeMutableRawPointer? {
        if let share = pools[label]?.share {
            pools[label]?.users += 1
            return share
        }
        guard let share = Self.makeShare() else { return nil }
        pools[label] = Pool(share: share, users: 1)
        return share
    }

    /// Gives a cache back.
    mutating func release(_ label: String, at now: Duration) {
        pools[label]?.users -= 1
        pools[label]?.idleSince = now
        let idle = pools.filter { $0.value.users == 0 }
        if idle.count > Self.keptLabels, let oldest = idle.min(by: { $0.value.idleSince < $1.value.idleSince }) {
            remove(oldest.key)
        }
    }

    /// Closes what nobody has used for long; returns when to look again.
    mutating func sweep(at now: Duration) -> Duration? {
        for (label, pool) in pools where pool.users == 0 && pool.idleSince + Self.idleLimit <= now { remove(label) }
        return pools.values.filter { $0.users == 0 }.map { $0.idleSince + Self.idleLimit }.min()
    }

    /// Closes everything; no request may be using a pool any more.
    mutating func removeAll() {
        for label in Array(pools.keys) { remove(label) }
    }

    private mutating func remove(_ label: String) {
        guard let pool = pools.removeValue(forKey: label) else { return }
        curl_share_cleanup(pool.share)
    }

    /// A connection cache by itself.
    static func makeShare() -> UnsafeMutableRawPointer? {
        guard let share = curl_share_init() else { return nil }
        guard ccurl_share_connections(share) == CURLSHE_OK else {
            curl_share_cleanup(share)
            return nil
        }
        return share
    }
}
