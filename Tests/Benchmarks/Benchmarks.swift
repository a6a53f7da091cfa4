import BotCore
import Foundation

/// Measures this package's own code for `.ci/bench`: a worker that reads one request a line from standard input and writes one answer
/// a line to standard output.
///
/// The peers are Python libraries, and machines are noisy: only figures taken in turns, a round of ours and then a round of theirs, can
/// be divided by each other. So ours is a worker with the same protocol as `python/worker.py`, and a driver lets them alternate. A
/// benchmark package that runs and reports by itself cannot do that.
@main
enum Benchmarks {
    static func main() async throws {
        var workloads: [String: any Workload] = [:]
        while let line = readLine() {
            let answer: Answer
            do {
                let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
                answer = Answer(figures: try await perform(request, &workloads))
            } catch {
                answer = Answer(error: "\(error)")
            }
            print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
            fflush(nil)
        }
    }

    /// Off the main actor, so that no measured call returns to the main thread.
    @concurrent
    private static func perform(
        _ request: Request, _ workloads: inout [String: any Workload]
    ) async throws -> Figures {
        switch request.verb {
        case .prepare:
            workloads[request.id] = try await make(request)
            return Figures()
        case .round:
            guard let workload = workloads[request.id] else { throw BenchmarkError.unknown(request.id) }
            return try await workload.round()
        case .end:
            try await workloads.removeValue(forKey: request.id)?.end()
            return Figures()
        }
    }

    private static func make(_ request: Request) async throws -> any Workload {
        let options = request.options ?? Options()
        return switch request.work {
        case "bytes": try await BytesWorkload(options)
        case "cache": CacheWorkload()
        case "context": try await ContextWorkload(options)
        case "expiry": try await ExpiryWorkload(options)
        case "memory": try await MemoryWorkload(options)
        case "recall": try await RecallWorkload(options)
        case "tokens": try TokenWorkload(options)
        case "turns": try await TurnsWorkload(options)
        default: throw BenchmarkError.unknown(request.work ?? "")
        }
    }
}
