package import BotCore
package import BotSessions
import Logging

/// Chats that write to a store at once, each doing one deed after the other. A step that fails is tried again, as the engine does.
package struct StoreWorkload: Sendable {
    package let seed: UInt64
    package let chats: Int

    package init(seed: UInt64, chats: Int) {
        self.seed = seed
        self.chats = chats
    }

    /// A session manager as the program makes it, but for the counter, which anybody can recount.
    package static func sessions(over store: any Store, time: any TimeSource = SystemTime()) -> SessionManager {
        SessionManager(
            store: store, meter: UniformTokenMeter(WordCounter()), provider: NoModel(),
            // Some steps go to the store itself, which a cache would not see.
            settings: SessionSettings(cacheMaxSessions: 0), time: time,
            logger: Logger(label: "workload", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// The chat's name on its platform.
    package static func key(of chat: Int) -> ConversationKey {
        ConversationKey(platform: .telegram, account: "9", chat: "\(chat)")
    }

    package func deed(_ number: Int, in chat: Int) -> Deed { Deed(seed: seed, chat: chat, number: number) }

    /// Does the deeds of all chats up to a number, which is left out.
    ///
    /// - Parameters:
    ///   - first: the deed that each chat begins with. It may have been done before: then doing it again changes nothing.
    ///   - acknowledge: is told of each step after its commit.
    package func run(
        on store: any Store, sessions: SessionManager, from first: [Int], to end: Int,
        acknowledge: @escaping @Sendable (Acknowledgement) -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            for (chat, first) in first.enumerated() {
                group.addTask {
                    let writer = ChatWriter(
                        workload: self, chat: chat, store: store, sessions: sessions, acknowledge: acknowledge)
                    await writer.run(from: first, to: end)
                }
            }
        }
    }
}

/// Nobody asks it: the answers are the workload's.
private struct NoModel: ModelProvider {
    let name = "test/none"
    let isLanguageModel = true

    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        throw .network("there is no model")
    }
}
