import BotCore

/// Decides how a turn goes on after each answer of its model: whether the tools that it calls are called. Pure.
struct StepPlan {
    /// How often in one turn a model may call tools before it has to answer in words.
    static let mostSteps = 8
    /// How many tools it may call at once; more are not called.
    static let mostCallsAtOnce = 8
    /// How often it may call just the same as before.
    static let mostRepeats = 2

    /// How often tools were called.
    private(set) var steps = 0
    private var repeats = 0
    private var last: [Wish] = []

    /// A call without its id, which differs each time.
    private struct Wish: Equatable {
        let name: String
        let arguments: String
    }

    /// - Parameter done: what the turn had called before it was begun again.
    init(after done: [SessionMessage] = []) {
        for message in done where !message.toolCalls.isEmpty { count(message.toolCalls) }
    }

    /// Whether tools may be called now; else the model has to answer in words.
    var mayCall: Bool { steps < Self.mostSteps && repeats < Self.mostRepeats }

    /// The calls to carry out, ready for the log; none when the answer ends the turn.
    mutating func calls(of completion: Completion, in turn: TurnID) -> [ToolCall] {
        // The arguments of an answer that was cut off are not whole.
        guard mayCall, completion.finishReason == .toolCalls || completion.finishReason == .stop else { return [] }
        let calls = completion.toolCalls.prefix(Self.mostCallsAtOnce).enumerated().map { place, call in
            ToolCall(
                id: Self.id(turn: turn, step: steps, place: place), name: Self.name(call.name),
                arguments: call.arguments.utf8.count <= Toolbox.longestArguments ? call.arguments : Self.tooLong)
        }
        if !calls.isEmpty { count(calls) }
        return calls
    }

    private mutating func count(_ calls: [ToolCall]) {
        let wishes = calls.map { Wish(name: $0.name, arguments: $0.arguments) }
        repeats = wishes == last ? repeats + 1 : 0
        last = wishes
        steps += 1
    }

    /// What stands for arguments that are too long for the log: no object, so that the tool is not called with them.
    private static let tooLong = "\"too long\""

    /// An id of nine letters and digits, since Mistral takes no other ones, and unique in its chat, as Anthropic wants it. The
    /// provider that is asked next may not be the one that gave the call its id.
    private static func id(turn: TurnID, step: Int, place: Int) -> String {
        let number = String(turn.rawValue % 2_176_782_336, radix: 36)
        let zeros = String(repeating: "0", count: max(0, 6 - number.count))
        return "c\(zeros)\(number)\(String(step, radix: 36))\(String(place, radix: 36))"
    }

    /// A name as every provider takes it in a history, whatever a model has made up (OpenAI API reference, "Function object").
    private static func name(_ name: String) -> String {
        let scalars = name.unicodeScalars.prefix(64).map { scalar -> Character in
            let isAllowed = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isAllowed || scalar == "_" || scalar == "-" ? Character(scalar) : "_"
        }
        return scalars.isEmpty ? "_" : String(scalars)
    }
}
