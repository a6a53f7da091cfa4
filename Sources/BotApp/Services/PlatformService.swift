import ServiceLifecycle

/// Runs a platform's link until the shutdown, which it ends at once, and then lets it say goodbye.
///
/// A link that has stopped for good (a wrong token) does not end the program: the rest goes on without it.
struct PlatformService: Service {
    /// Runs the link until it is cancelled or stopped for good.
    let link: @Sendable () async -> Void
    /// Tells the platform what is stored, within a deadline of its own.
    let farewell: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown(link)
        await untilShutdown()
        await farewell()
    }
}
