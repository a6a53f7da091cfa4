import BotCore
import BotHTTP

/// Loads files that people have sent: drives `FileFetchMachine`.
struct FileFetcher: Sendable {
    /// For one `getFile`, and for all of one download.
    private static let (askDeadline, loadDeadline) = (Duration.seconds(15), Duration.seconds(60))

    let api: TelegramAPI
    let time: any TimeSource

    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - id: the `file_id`.
    ///   - limit: the most bytes, counted as they arrive.
    func fetch(_ id: String, limit: Int) async throws(AttachmentError) -> [UInt8] {
        var machine = FileFetchMachine(limit: limit)
        var action = FileFetchMachine.Action.ask
        while true {
            if case .fail(let error) = action { throw error }
            do throws(CallFailure) {
                switch action {
                case .ask:
                    action = machine.learnt(try await api.call(GetFile(fileID: id), deadline: Self.askDeadline))
                case .load(let path):
                    return try await api.download(path, limit: limit, deadline: Self.loadDeadline)
                case .wait(let span):
                    do { try await time.sleep(for: span) } catch { throw .transport(.cancelled) }
                    action = machine.waited()
                case .fail: break
                }
            } catch {
                action = machine.failed(error, random: .random(in: 0..<1))
            }
        }
    }
}
