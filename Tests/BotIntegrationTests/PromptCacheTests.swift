import BotCore
import BotTestSupport
import Testing

/// Goal 19 for whole requests: what a long chat asks its model with begins the same each time, tools and system prompt included.
@Suite(.timeLimit(.minutes(5)))
struct PromptCacheTests {
    /// How much of the request before a request begins with, and whether all around the messages is the same.
    private struct Share {
        let share: Double
        let isSameAround: Bool

        init(_ last: FakeModelServer.Call, then next: FakeModelServer.Call) {
            isSameAround = Self.around(last) == Self.around(next)
            var shared = 0
            let whole = last.messages.reduce(0) { $0 + $1.content.utf8.count }
            for (place, pair) in zip(last.messages, next.messages).enumerated() {
                // What is recalled and the date stand behind the newest words alone.
                let isNewest = place == last.messages.count - 1
                let kept = isNewest ? pair.0.words : pair.0.content
                guard pair.0.role == pair.1.role, pair.0.toolCalls == pair.1.toolCalls, pair.1.content.hasPrefix(kept),
                    isNewest || pair.1.content == kept
                else { break }
                shared += kept.utf8.count
            }
            share = Double(shared) / Double(max(1, whole))
        }

        private static func around(_ call: FakeModelServer.Call) -> [String: JSONValue] {
            call.body.filter { $0.key != "messages" }
        }
    }

    @Test("consecutive requests begin the same, and nothing around the messages changes", arguments: ModelAPI.allCases)
    func requestsShareTheirBeginning(api: ModelAPI) async throws {
        try await AppWorld.with { world in
            let name = api.rawValue.lowercased()
            let address = api == .ollama ? "host" : "baseURL"
            var changes = [
                "model.provider": name, "\(name).\(address)": try await world.model.baseURL(for: api),
                "\(name).model": "claude-fake", "sessions.tokenLimit": "3000",
                // What is recalled stands behind the newest words, and nobody remembers it; here only the window moves.
                "sessions.recallTokens": "0", "sessions.summarizeThreshold": "1",
            ]
            if api != .ollama { changes["\(name).apiKey"] = "sk-rig" }
            // A model that calls tools, as each server says it; of Anthropic's the name is known.
            world.model.setModels(["claude-fake"])
            world.model.setFacts([
                "supported_parameters": .array([.string("tools")]),
                "capabilities": api == .ollama ? .array([.string("tools"), .string("completion")]) : .null,
            ])
            try await world.running(changes) { app in
                let chat = TestChat(kind: .telegram, world: world)
                let filler = String(repeating: "the ", count: 24)
                world.model.setFallback { call in ModelAnswer("\(call.question ?? "") \(filler)", pieceLength: 400) }
                for number in 1...60 {
                    chat.say("number \(number) \(filler)")
                    try await chat.until { $0.count == number }
                }
                try await app.untilAllIsHandled()
                let calls = world.model.calls.filter { $0.system?.hasPrefix("Task: conversation summary") != true }
                #expect(calls.count == 60)
                #expect(calls.allSatisfy { $0.api == api && $0.body["tools"] != nil })
                let shares = zip(calls, calls.dropFirst()).map { Share($0, then: $1) }
                #expect(shares.allSatisfy { $0.isSameAround })
                let mean = shares.map(\.share).reduce(0, +) / Double(max(1, shares.count))
                #expect(mean > 0.75, "\(mean)")
                // The window has moved meanwhile, in steps.
                let breaks = shares.count { $0.share < 0.7 }
                #expect((1...12).contains(breaks), "\(breaks) of \(shares.count)")
            }
        }
    }
}
