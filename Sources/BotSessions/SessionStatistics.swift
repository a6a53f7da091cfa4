package import BotCore

/// Statistics of the session manager, from counters.
package struct SessionStatistics: Sendable, Equatable {
    package var store: StoreStatistics
    package var cachedSessions: Int
    package var cacheHits: Int
    package var cacheMisses: Int

    package init(store: StoreStatistics, cachedSessions: Int, cacheHits: Int, cacheMisses: Int) {
        self.store = store
        self.cachedSessions = cachedSessions
        self.cacheHits = cacheHits
        self.cacheMisses = cacheMisses
    }
}
