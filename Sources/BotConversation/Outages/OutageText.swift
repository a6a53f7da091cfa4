/// Says in plain words what is wrong with a provider and what to do: never anything internal.
enum OutageText {
    static func text(_ notice: OutageWatch.Notice) -> String {
        switch notice.kind {
        case .began(let cause, let failures, let span):
            let count = cause.needsTheOwner ? "" : " The last \(failures) requests failed, over \(words(for: span))."
            return "\(problem(cause, notice))\(count) \(advice(for: cause)) I tell you when it works again."
        case .lasts(let cause, let span):
            return "It has been so for \(words(for: span)): \(problem(cause, notice)) \(advice(for: cause))"
        case .over(let span):
            return "\(notice.server) works again. It did not for \(words(for: span))."
        }
    }

    /// What is wrong, and what to do, for the state of the link.
    static func status(_ cause: OutageCause, _ notice: OutageWatch.Notice) -> String {
        "\(problem(cause, notice)) \(advice(for: cause))"
    }

    private static func words(for span: Duration) -> String {
        func count(_ number: Int64, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
        let minutes = max(0, span.components.seconds / 60)
        return switch minutes {
        case 0: "less than a minute"
        case ..<60: count(minutes, "minute")
        case ..<(48 * 60): count(minutes / 60, "hour")
        default: count(minutes / (24 * 60), "day")
        }
    }

    private static func problem(_ cause: OutageCause, _ notice: OutageWatch.Notice) -> String {
        switch cause {
        case .unauthorized: "\(notice.server) does not accept my key, so it answers nobody."
        case .quotaExceeded: "\(notice.server) has no quota left for me, so it answers nobody."
        case .unknownModel: "The model \(notice.model) does not exist, so it answers nobody."
        case .rateLimited: "\(notice.server) gets too many requests from me."
        case .unavailable: "\(notice.server) is overloaded or down."
        case .badRequest: "\(notice.server) does not take my requests."
        case .network: "I cannot reach \(notice.server)."
        case .timedOut: "\(notice.server) does not answer in time."
        }
    }

    private static func advice(for cause: OutageCause) -> String {
        switch cause {
        case .unauthorized: "Please check the key in my configuration and start me again."
        case .quotaExceeded: "Please top up the account there."
        case .unknownModel: "Please choose another one in my configuration and start me again."
        case .rateLimited: "If that goes on, your account there needs a higher limit."
        case .unavailable: "That often passes by itself. If it is your own server, please look after it."
        case .badRequest: "Please check its address and model in my configuration; my log says more."
        case .network: "Please check its address, whether it runs, and this machine's network."
        case .timedOut: "If it is your own server, it may be too slow for this model."
        }
    }
}
