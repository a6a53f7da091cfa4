import BotCore
import BotObservability
import BotSessions
import BotStore
import BotTokenizer
import Foundation
import Logging

/// The session engine as the product puts it together, over a database of its own.
struct Library {
    let manager: SessionManager
    private let store: SQLiteStore

    /// - Parameters:
    ///   - recallTokens: 0 searches nothing while a context is built.
    ///   - isLogging: whether the log file is written beside the database, or no line is.
    init(
        folder: String, cachedSessions: Int = 1000, recallTokens: Int = 0, isLogging: Bool = false,
        time: any TimeSource = SystemTime()
    ) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore.open(path: folder + "/mybot.db", time: time)
        let log = LogFile(LogSettings(path: folder + "/mybot.log"), redactor: Redactor(secrets: []))
        manager = SessionManager(
            store: store, meter: UniformTokenMeter(Self.counter), provider: SilentModel(),
            settings: SessionSettings(recallTokens: recallTokens, cacheMaxSessions: cachedSessions), time: time,
            logger: isLogging
                ? log.logger("session-manager") : Logger(label: "session-manager") { _ in SwiftLogNoOpLogHandler() })
    }

    /// How the product counts the tokens of the model below.
    static var counter: any TokenCounter { BytePairTokenCounter(.o200kBase) }

    func close() throws { try store.close() }

    /// The session of a chat, made if there is none.
    func session(_ chat: Int) async throws -> SessionID {
        let key = ConversationKey(platform: .telegram, account: "1", chat: "\(chat)")
        let draft = SessionDraft(
            conversation: .key(key), interfaceType: Platform.telegram.rawValue, externalUserID: "\(chat)",
            externalChatID: "\(chat)", tokenLimit: manager.settings.tokenLimit, expiresAfter: manager.settings.expiry)
        return try await manager.getOrCreateSession(draft).id
    }

    /// The smallest write.
    func probe() async throws { try await store.probe() }

    /// How many messages of a chat before a number hold one of the terms; at most as many as recall asks for.
    func search(for terms: [String], in session: SessionID, before seq: Int64) async throws -> Int {
        try await store.search(for: terms, in: session, range: 1..<max(1, seq), limit: 96).count
    }

    /// Brings a chat to so many messages. Several are added at a time, so that they share their commits.
    func fill(_ session: SessionID, to messages: Int, with texts: Texts, from first: Int = 0) async throws {
        for begin in stride(from: 0, to: messages, by: 64) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in begin..<min(begin + 64, messages) {
                    group.addTask {
                        let role: Role = number.isMultiple(of: 2) ? .user : .assistant
                        _ = try await manager.addMessage(to: session, role: role, content: texts[first + number])
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// One turn: the user's message, the context for a model, its answer.
    func turn(_ session: SessionID, _ user: String, _ answer: String) async throws {
        _ = try await manager.addMessage(to: session, role: .user, content: user)
        let context = try await manager.buildContext(session, maxMessages: 20)
        guard let context, context.messages.last?.role == .user else {
            throw BenchmarkError.wrong("the context does not end with the user's message")
        }
        _ = try await manager.addMessage(to: session, role: .assistant, content: answer)
    }
}

/// The model that the contexts are for. Nobody asks it anything.
private struct SilentModel: ModelProvider {
    let name = "openai/gpt-5"
    let isLanguageModel = true

    func complete(
        _ request: CompletionRequest, onText: (String) async -> Void
    ) async throws(ModelError) -> Completion {
        Completion(text: "", finishReason: .stop, usage: nil, model: name)
    }
}

/// What is said in the chats, over and over.
struct Texts: Sendable {
    private let texts: [String]

    /// - Parameter shortest: so many bytes each text has at least: shorter ones are joined.
    init(_ options: Options, shortest: Int = 0) throws {
        guard let file = options.texts else { throw BenchmarkError.missing(option: "texts") }
        let all = try JSONDecoder().decode([String].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        var texts: [String] = []
        for text in all {
            if let last = texts.last, last.utf8.count < shortest {
                texts[texts.count - 1] = last + "\n" + text
            } else {
                texts.append(text)
            }
        }
        guard !texts.isEmpty else { throw BenchmarkError.wrong("there are no texts") }
        self.texts = texts
    }

    var count: Int { texts.count }

    subscript(number: Int) -> String { texts[number % texts.count] }

    /// The bytes of some of them.
    func bytes(_ numbers: Range<Int>) -> Int { numbers.reduce(0) { $0 + self[$1].utf8.count } }
}
