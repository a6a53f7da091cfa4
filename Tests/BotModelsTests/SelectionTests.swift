import BotCore
import BotTestSupport
import Testing

@testable import BotModels

struct KnownModelsTests {
    @Test(arguments: [
        (["gpt-4o-mini", "gpt-4o", "gpt-4o-2024-08-06"], "gpt-4o"),
        (["gpt-5-mini", "gpt-5-nano", "gpt-4.1"], "gpt-4.1"),
        (["gpt-5-2025-08-07", "gpt-5-mini"], "gpt-5-2025-08-07"),
        (["gpt-4o-realtime-preview", "gpt-4o-audio-preview", "gpt-4o-mini-tts", "gpt-4o-mini"], "gpt-4o-mini"),
        (["nomic-embed-text:latest", "llama3.2:3b", "qwen3:8b"], "qwen3:8b"),
        (["openai/gpt-4o", "anthropic/claude-sonnet-4"], "openai/gpt-4o"),
        (["gpt-6.2-astra", "gpt-6.2-sol", "gpt-6.1-terra", "gpt-5.6-terra", "gpt-6-luna", "gpt-5.5"], "gpt-6.1-terra"),
        (["gpt-5.5-2026-04-23", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini"], "gpt-5.5"),
        (
            [
                "claude-fable-5-2", "claude-sonnet-5-5", "claude-sonnet-5", "claude-sonnet-4-5-20250929",
                "claude-haiku-5-5",
            ],
            "claude-sonnet-5-5"
        ),
        (["qwen2.5:7b", "qwen3:8b", "qwen3.6:35b"], "qwen3.6:35b"),
        (["dolphin-2", "my-own-model"], "dolphin-2"),
    ])
    func takesTheBestKnown(models: [String], best: String) {
        #expect(KnownModels.best(of: models) == best)
        #expect(KnownModels.best(of: models.reversed()) == best || best == "dolphin-2")
    }

    @Test func takesNothingThatDoesNotChat() {
        #expect(KnownModels.best(of: ["text-embedding-3-small", "whisper-1", "tts-1", "dall-e-3", ""]) == nil)
    }
}

@Suite(.timeLimit(.minutes(5)))
struct OfflineResponderTests {
    @Test func saysThatItIsNoLanguageModelAndWhatToDo() async throws {
        let responder = OfflineResponder()
        var pieces: [String] = []
        let completion = try await responder.complete(ProviderFixture.request) { pieces.append($0) }
        #expect(!responder.isLanguageModel)
        #expect(completion.model == "offline")
        #expect(completion.text == pieces.joined())
        #expect(completion.text.contains("not a language model"))
        #expect(completion.text.contains("OPENAI_API_KEY"))
        #expect(completion.text.contains("3 messages"))
        #expect(completion.text.contains("How are you?"))
        #expect(try await responder.complete(ProviderFixture.request) { _ in } == completion)
    }

    @Test func tellsOfASummaryAndOfWhatWasRecalled() async throws {
        let request = CompletionRequest(
            system: "",
            messages: [
                PromptMessage(role: .user, content: "<summary>\nNotes\n</summary>\n\nhello"),
                PromptMessage(role: .assistant, content: "hi"),
                PromptMessage(
                    role: .user,
                    content: """
                        who?

                        <recall>
                        Quotes
                        [2026-01-02] user: it is Ana
                          and Ben
                        [2026-01-03] you: Noted.
                        </recall>

                        <now>Monday</now>
                        """),
            ], maxOutputTokens: 10)
        let text = try await OfflineResponder().complete(request) { _ in }.text
        #expect(
            text.contains(
                """
                I was given 3 messages of this conversation, with a summary of what came before, with 2 older messages \
                that fit the newest one; the newest says: “who?”.
                """))
    }
}

@Suite(.timeLimit(.minutes(5)))
struct AutoProviderTests {
    @Test func looksEachHalfMinuteUntilAModelAnswersAndKeepsIt() async throws {
        let time = ManualTime()
        let found = Lock<ScriptedProvider?>(nil)
        let looks = Lock(0)
        let auto = AutoProvider(time: time, logger: ProviderFixture.logger) {
            looks.withLock { $0 += 1 }
            return found.withLock { $0 }
        }
        await withTaskGroup { group in
            group.addTask { await auto.run() }
            await time.waitForSleepers()
            #expect(time.nextWake == .seconds(30))
            #expect(!auto.isLanguageModel)
            time.advance(by: .seconds(30))
            await time.waitForSleepers()
            found.withLock { $0 = ScriptedProvider([.failure(.network("gone"))]) }
            time.advance(by: .seconds(30))
            await group.waitForAll()
        }
        #expect(looks.withLock { $0 } == 3)
        #expect(auto.isLanguageModel)
        // A real model that fails is not covered up by the responder.
        await #expect(throws: ModelError.network("gone")) {
            _ = try await auto.complete(ProviderFixture.request) { _ in }
        }
        #expect(auto.isLanguageModel)
    }

    @Test func answersOfTheResponderNeverReachAModel() async throws {
        let auto = AutoProvider(time: ManualTime(), logger: ProviderFixture.logger) { nil }
        let offline = try await auto.complete(ProviderFixture.request) { _ in }
        let model = ScriptedProvider([.success("fine")])
        let later = AutoProvider(time: ManualTime(), logger: ProviderFixture.logger) { model }
        #expect(await later.look())
        let request = CompletionRequest(
            system: "s",
            messages: [
                PromptMessage(role: .user, content: "a"), PromptMessage(role: .assistant, content: offline.text),
                PromptMessage(role: .user, content: "b", images: [PromptImage(mediaType: "image/png", bytes: [1])]),
                PromptMessage(role: .assistant, content: "c"),
                PromptMessage(role: .user, content: "d"),
            ],
            maxOutputTokens: 9)
        _ = try await later.complete(request) { _ in }
        #expect(model.requests.first?.messages.map(\.content) == ["a\n\nb", "c", "d"])
        #expect(model.requests.first?.messages.map(\.images.count) == [1, 0, 0])
    }
}
