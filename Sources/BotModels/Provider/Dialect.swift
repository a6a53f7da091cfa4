import BotCore

/// How one kind of server is asked and how its answers are read. Pure: `ChatProvider` does the rest, and is the same for all.
protocol Dialect: Sendable {
    /// The header fields of each request, with the key where the server wants one.
    func headers(key: Secret?) -> [(name: String, value: String)]

    /// Where completions are asked for, behind the base URL.
    var completionPath: String { get }

    /// The media type that a streamed answer has.
    var streamType: String { get }

    /// The body of a request. The same request always gives the same bytes, so that providers' prompt caches hit.
    func body(of request: CompletionRequest, model: String) -> [UInt8]

    /// Reads one answer.
    func makeDecoder() -> any AnswerDecoder

    /// Where the models are listed, behind the base URL.
    var modelsPath: String { get }

    /// The models that such a list holds; nil when it cannot be read.
    func models(in body: [UInt8]) -> [ListedModel]?

    /// The question about one model that tells all there is, so that nobody needs the list for it; nil where the list is asked.
    func question(about model: String) -> ModelQuestion?

    /// The entry of a list that tells of a model; nil when none does.
    func entry(of model: String, in list: [ListedModel]) -> ListedModel?

    /// What is to be asked after the list about a model that it holds, one after the other until one answer can be read. Each tells more
    /// than the list, and what it tells counts before that. None where the list tells all.
    func questions(about listed: ListedModel) -> [ModelQuestion]

    /// What to try after a request was refused with these words; nil when they are about something else.
    func corrected(by complaint: String) -> (any Dialect)?
}

extension Dialect {
    func question(about model: String) -> ModelQuestion? { nil }
    func entry(of model: String, in list: [ListedModel]) -> ListedModel? { list.first { $0.id == model } }
    func questions(about listed: ListedModel) -> [ModelQuestion] { [] }
    func corrected(by complaint: String) -> (any Dialect)? { nil }
}

/// A model that a server lists, with what the server says of it.
struct ListedModel: Equatable {
    struct Facts: Equatable {
        var contextWindow: Int?
        var maxOutputTokens: Int?
        var seesImages: Bool?
        var callsTools: Bool?
        /// Whether it makes texts at all; nil when the server does not say.
        var chats: Bool?
        /// Whether the server will say more later: once it has loaded the model.
        var isPreliminary = false

        /// These facts, and where there is none, that of others.
        func completed(by others: Facts) -> Facts {
            Facts(
                contextWindow: contextWindow ?? others.contextWindow,
                maxOutputTokens: maxOutputTokens ?? others.maxOutputTokens,
                seesImages: seesImages ?? others.seesImages, callsTools: callsTools ?? others.callsTools,
                chats: chats ?? others.chats, isPreliminary: isPreliminary)
        }
    }

    let id: String
    /// Whose model it is, by the server; that tells some servers from others.
    var owner: String?
    var facts = Facts()
}

/// A question about one model.
struct ModelQuestion {
    /// Where it is asked: behind the base URL, or behind that without its last part `/v1`.
    enum Place {
        case base(String)
        case root(String)
    }

    let place: Place
    /// What is posted; nil for `GET`.
    var body: [UInt8]?
    /// What the answer says of the model; nil when it says nothing of it.
    let read: @Sendable ([UInt8]) -> ListedModel.Facts?
}

/// Reads the body of a successful answer, however its bytes are cut.
protocol AnswerDecoder {
    /// Takes the next bytes of the body.
    mutating func feed(_ bytes: [UInt8]) throws(AnswerFailure) -> [AnswerEvent]

    /// Takes the end of the body.
    mutating func finish() throws(AnswerFailure) -> [AnswerEvent]
}

/// What an answer is made of.
enum AnswerEvent: Equatable {
    case text(String)
    /// The model thinks aloud. What it thinks is dropped where it is read, so that it can get nowhere.
    case reasoning
    /// A part of a call of a tool. Parts of one call have the same place; the arguments come in pieces.
    case toolCall(place: Int, id: String?, name: String?, arguments: String)
    /// Counts, as far as this event tells them; each replaces what was told before.
    case usage(prompt: Int?, completion: Int?, cached: Int?)
    case finish(FinishReason)
    /// The server has said that there is no more.
    case done
}

/// Why an answer could not be read to its end.
enum AnswerFailure: Error, Equatable {
    /// The server reported an error.
    case reported(ErrorDetail)
    /// The answer makes no sense.
    case malformed(String)
}
