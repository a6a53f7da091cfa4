/// Which part of the bot's servers a connection serves: number and count of shards.
struct ShardID: Sendable, Hashable {
    let number: Int
    let count: Int

    /// The only shard of a bot with fewer than 2,500 servers.
    static let only = ShardID(number: 0, count: 1)
}
