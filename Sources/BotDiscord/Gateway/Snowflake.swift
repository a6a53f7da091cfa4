import BotCore

/// Discord's ids of messages grow with time: the upper bits are the milliseconds since 2015 (Reference, "Snowflakes").
enum Snowflake {
    /// 2015-01-01 in milliseconds since 1970.
    private static let epoch: Int64 = 1_420_070_400_000

    /// The smallest id that a message of this moment can have.
    static func first(at moment: Timestamp) -> Int64 { max(0, moment.rawValue - epoch) << 22 }

    /// When the message was written, by Discord's clock.
    static func moment(of id: Int64) -> Timestamp { Timestamp(rawValue: (id >> 22) + epoch) }
}
