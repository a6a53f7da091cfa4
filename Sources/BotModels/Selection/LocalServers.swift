import BotCore

/// Looks for model servers on this machine.
package enum LocalServers {
    /// How long all of them have to answer. They are on this machine: who is there answers in milliseconds.
    package static let patience = Duration.milliseconds(700)

    /// The first of some servers that has a model; nil when none has. All are asked at once.
    ///
    /// - Parameter patience: how long each has to answer.
    package static func first(
        of servers: [ChatProvider], patience: Duration = patience
    ) async -> ChatProvider? {
        await withTaskGroup(of: (Int, Bool).self) { group in
            for (place, server) in servers.enumerated() {
                group.addTask {
                    // Whatever fails just means that it is not there.
                    let models = try? await server.listModels(deadline: patience)
                    return (place, models?.isEmpty == false)
                }
            }
            var found: [Int] = []
            for await (place, isThere) in group where isThere { found.append(place) }
            return found.min().map { servers[$0] }
        }
    }
}
