import BotCore

/// Tells a model what time it is. It stands at the very end, because it changes with every request.
enum MomentBlock {
    /// Day and minute in UTC, as `<now>Monday, 2026-11-23 04:31 UTC</now>`.
    static func text(of moment: Timestamp) -> String { "<now>\(moment.weekday), \(moment.minute) UTC</now>" }
}
