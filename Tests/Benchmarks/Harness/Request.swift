/// One line from the driver.
struct Request: Decodable {
    enum Verb: String, Decodable {
        /// Makes what `work` names, under an id.
        case prepare
        /// Measures once.
        case round
        case end
    }

    let verb: Verb
    let id: String
    let work: String?
    let options: Options?
}

/// What a workload is told. Each takes what it needs.
struct Options: Decodable {
    /// Where its files go: an empty folder.
    var folder: String?
    /// A file with a JSON array of texts, which are said in turn.
    var texts: String?
    /// A text file.
    var corpus: String?
    /// The messages that a chat has before the first round.
    var messages: Int?
    var chats: Int?
    /// The turns of one round, in each chat.
    var turns: Int?
    /// Whether the log is written as in the product.
    var isLogging: Bool?
    var tokenizer: String?
}

/// What was measured, by names that the driver knows.
typealias Figures = [String: Double]

/// One line to the driver.
struct Answer: Encodable {
    var figures: Figures?
    var error: String?

    init(figures: Figures) { self.figures = figures }
    init(error: String) { self.error = error }
}

enum BenchmarkError: Error, CustomStringConvertible {
    case unknown(String)
    case missing(option: String)
    case wrong(String)

    var description: String {
        switch self {
        case .unknown(let name): "there is no \(name)"
        case .missing(let option): "the option \(option) is missing"
        case .wrong(let fact): fact
        }
    }
}

/// Something that can be measured again and again.
protocol Workload {
    func round() async throws -> Figures
    func end() async throws
}
