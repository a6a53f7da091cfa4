import BotCore
import BotHTTP

/// Loads attachments from where Discord keeps them. They are public to whoever has the address, so no token is sent.
struct AttachmentFetcher: Sendable {
    /// How often something may fail in passing.
    private static let attempts = 3
    /// The longest wait that Discord may ask for: a person waits for the answer.
    private static let longestWait = Duration.seconds(20)
    /// The most bytes of an answer that says why there is no file: it may be longer than a small file.
    private static let refusalBytes = 64 * 1024

    let http: any HTTPSending
    let allowsLoopback: Bool
    let time: any TimeSource

    /// The bytes of an attachment.
    ///
    /// - Parameter limit: the most bytes, counted as they arrive.
    func fetch(_ address: String, limit: Int) async throws(AttachmentError) -> [UInt8] {
        guard let address = AttachmentAddress(address, allowLoopback: allowsLoopback) else {
            throw .unavailable("an attachment is not at one of Discord's hosts")
        }
        let request = HTTPRequest(
            url: address.url,
            deadlines: HTTPDeadlines(firstByte: .seconds(20), idle: .seconds(15), total: .seconds(60)),
            maxResponseBytes: max(limit, Self.refusalBytes))
        var backoff = Backoff(first: .milliseconds(500), limit: .seconds(5))
        while true {
            let (trouble, asked): (String, Duration)
            switch try await load(request, limit: limit) {
            case .loaded(let bytes): return bytes
            case .passing(let what, let wait): (trouble, asked) = (what, wait)
            }
            let wait = max(asked, backoff.next())
            guard backoff.failures < Self.attempts, asked <= Self.longestWait else { throw .unavailable(trouble) }
            do { try await time.sleep(for: wait) } catch { throw .cancelled }
        }
    }

    private enum Outcome {
        case loaded([UInt8])
        /// It may work later; the wait is what Discord asks for.
        case passing(String, Duration)
    }

    private func load(_ request: HTTPRequest, limit: Int) async throws(AttachmentError) -> Outcome {
        do throws(HTTPError) {
            let response = try await http.send(request)
            if response.status == 200 {
                if response.body.count > limit { throw .tooLarge(limit: limit) }
                return .loaded(response.body)
            }
            let wait = response.headers["Retry-After"].flatMap { Int64($0) }.map { Duration.seconds(max(0, $0)) }
            if response.status == 429 || response.status >= 500 {
                return .passing("status \(response.status)", wait ?? .zero)
            }
        } catch .cancelled {
            throw .cancelled
        } catch .tooLarge {
            throw .tooLarge
        } catch {
            return .passing("\(error)", .zero)
        }
        // The signature is too old, or the message was deleted.
        throw .gone
    }
}
