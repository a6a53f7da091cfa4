import BotCore

/// Decides from what became of the requests when the owner is told of a provider that fails: once when it begins, once a day while it
/// lasts, and once when it is over. Pure.
///
/// What needs the owner is told at once. What may pass by itself is told when a few requests in a row have failed over minutes. A
/// provider that works now and then is told of once an hour at most.
struct OutageWatch: Sendable, Codable, Equatable {
    /// What the owner is to be told.
    struct Notice: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            /// - Parameter failures: how many requests in a row have failed, over this span.
            case began(OutageCause, failures: Int, over: Duration)
            case lasts(OutageCause, since: Duration)
            /// What the owner was told of is over, after this span.
            case over(Duration)
        }

        let kind: Kind
        /// The provider, as `openai`.
        let server: String
        /// The model that was asked, as `openai/gpt-5`, or the provider where the model is not known.
        let model: String
    }

    private struct Outage: Codable, Equatable {
        let since: Timestamp
        var failures = 0
        var cause: OutageCause
        /// Which of its models failed: one that works says nothing of another one's name or permission.
        var models: Set<String> = []
        /// What the owner was told, and when for the last time.
        var told: [String: Timestamp] = [:]
    }

    private static let patience = (failures: 3, span: Duration.seconds(180))
    private static let reminder = Duration.seconds(86_400)
    private static let quiet = Duration.seconds(3600)
    /// Models are named by the configuration: there are never so many.
    private static let mostModels = 32

    private var outages: [String: Outage] = [:]
    /// When the owner was told of something for the last time, by provider and complaint.
    private var lastTold: [String: Timestamp] = [:]

    /// Takes note of a request that failed.
    ///
    /// - Parameter provider: as `openai/gpt-5`.
    mutating func failed(_ provider: String, _ error: ModelError, at now: Timestamp) -> Notice? {
        guard let cause = OutageCause(error) else { return nil }
        let server = Self.server(of: provider)
        var outage = outages[server] ?? Outage(since: now, cause: cause)
        defer { outages[server] = outage }
        outage.failures += 1
        outage.cause = cause
        if outage.models.count < Self.mostModels { outage.models.insert(provider) }
        let complaint = Self.complaint(cause, provider)
        let kind: Notice.Kind
        if let told = outage.told[complaint] {
            guard now.since(told) >= Self.reminder else { return nil }
            kind = .lasts(cause, since: now.since(outage.since))
        } else {
            guard isDue(outage, cause, at: now) else { return nil }
            if let last = lastTold[server + " " + complaint], now.since(last) < Self.quiet { return nil }
            kind = .began(cause, failures: outage.failures, over: now.since(outage.since))
        }
        outage.told[complaint] = now
        lastTold = lastTold.filter { now.since($0.value) < Self.quiet }
        lastTold[server + " " + complaint] = now
        return Notice(kind: kind, server: server, model: provider)
    }

    /// Takes note of a request that was answered.
    mutating func worked(_ provider: String, at now: Timestamp) -> Notice? {
        let server = Self.server(of: provider)
        guard let outage = outages[server], outage.models.contains(provider) || !outage.cause.needsTheOwner else {
            return nil
        }
        outages[server] = nil
        if outage.told.isEmpty { return nil }
        return Notice(kind: .over(now.since(outage.since)), server: server, model: provider)
    }

    private func isDue(_ outage: Outage, _ cause: OutageCause, at now: Timestamp) -> Bool {
        if cause.needsTheOwner { return true }
        // Who knows that it does not work need not hear that it does not work in other ways too.
        return outage.told.isEmpty && outage.failures >= Self.patience.failures
            && now.since(outage.since) >= Self.patience.span
    }

    /// What the owner is told once: each of the things that they have to mend, and that nothing comes.
    private static func complaint(_ cause: OutageCause, _ provider: String) -> String {
        switch cause {
        case .unauthorized, .quotaExceeded: cause.rawValue
        case .unknownModel: "\(cause.rawValue) \(provider)"
        case .rateLimited, .unavailable, .badRequest, .network, .timedOut: "silence"
        }
    }

    private static func server(of provider: String) -> String { String(provider.prefix { $0 != "/" }) }
}
