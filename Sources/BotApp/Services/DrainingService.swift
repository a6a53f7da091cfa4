import ServiceLifecycle

/// Runs something that is given a grace time at the shutdown before it is cancelled: turns and delivery.
struct DrainingService: Service {
    /// Works until it is cancelled.
    let work: @Sendable () async -> Void
    /// Lets what is under way come to its end; returns after its grace time at the latest.
    let drain: @Sendable () async -> Void

    func run() async throws {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await work()
                return false
            }
            group.addTask {
                try? await gracefulShutdown()  // it throws when the task is cancelled instead: then drain at once
                await drain()
                return true
            }
            while let drained = await group.next() {
                if drained { group.cancelAll() }
            }
        }
    }
}

/// Runs something that ends by itself at the graceful shutdown: the servers.
struct GracefulService: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try await work()
        await untilShutdown()
    }
}

/// Runs something that may be cut off at any moment.
struct CancellableService: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown(work)
        await untilShutdown()
    }
}

/// Runs that with which the program ends: what a person does at the terminal, or the wish to stop.
struct CompanionService: Service {
    let work: @Sendable () async -> Void

    func run() async throws { await cancelWhenGracefulShutdown(work) }
}

extension Service {
    /// Waits for the service's own turn in the shutdown. A service that has ended by itself would, if it came to its end while
    /// another one shuts down, be taken for a failure: the group would cancel all that is still being finished.
    func untilShutdown() async {
        if Task.isShuttingDownGracefully || Task.isCancelled { return }
        try? await gracefulShutdown()  // it throws when the task is cancelled: then it is over, too
    }
}
