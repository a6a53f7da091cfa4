import BotCore
import BotTestSupport
import Logging
import ServiceLifecycle
import Testing

@testable import BotApp

@Suite(.timeLimit(.minutes(5)))
struct ServiceEndTests {
    /// A service that has nothing more to do while another one is still being finished must not end the program in disorder.
    @Test(arguments: [true, false])
    func aServiceThatEndsDuringTheShutdownDisturbsNobody(isServer: Bool) async throws {
        let (ending, drained) = (Gate(isOpen: false), Gate(isOpen: false))
        let wasCut = Lock(false)
        // The one that ends by itself comes first, so it is shut down last.
        let work: @Sendable () async throws -> Void = { try await ending.wait() }
        let other: any Service = isServer ? GracefulService(work: work) : CancellableService(work: work)
        let draining = DrainingService(work: { try? await Gate(isOpen: false).wait() }) {
            ending.set(open: true)
            // Room for the group to notice the other's end before this one has finished.
            for _ in 0..<1000 { await Task.yield() }
            drained.set(open: true)
            wasCut.withLock { $0 = Task.isCancelled }
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [other, draining].map { .init(service: $0, successTerminationBehavior: .ignore) },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await drained.wait()
        #expect(!wasCut.withLock { $0 })
    }
}
