import BotCore
import BotTokenizer
import Testing

struct ModelTokenTableTests {
    private let meter = CalibratedTokenMeter()

    @Test(
        "A model of OpenAI under its own name is counted exactly",
        arguments: [
            ("openai/gpt-4o", "o200k_base"), ("openai/gpt-4o-mini-2024-07-18", "o200k_base"),
            ("openai/gpt-4.1-nano", "o200k_base"), ("openai/gpt-4.5-preview", "o200k_base"),
            ("openai/gpt-5", "o200k_base"), ("openai/gpt-5-mini", "o200k_base"), ("openai/gpt-5.1", "o200k_base"),
            ("OpenAI/GPT-5", "o200k_base"), ("openai/o1", "o200k_base"), ("openai/o3-mini", "o200k_base"),
            ("openai/o4-mini", "o200k_base"), ("openai/chatgpt-4o-latest", "o200k_base"),
            ("openai/ft:gpt-4o-mini-2024-07-18:acme::abc", "o200k_base"), ("openrouter/openai/gpt-4o", "o200k_base"),
            ("openrouter/openai/gpt-4o:extended", "o200k_base"), ("openai/gpt-4", "cl100k_base"),
            ("openai/gpt-4-turbo", "cl100k_base"), ("openai/gpt-4-0613", "cl100k_base"),
            ("openai/gpt-3.5-turbo", "cl100k_base"), ("openrouter/openai/gpt-3.5-turbo-0125", "cl100k_base"),
            ("ollama/gpt-oss:20b", "o200k_base"), ("groq/openai/gpt-oss-120b", "o200k_base"), ("offline", "o200k_base"),
        ])
    func countsExactly(model: String, tokenizer: String) {
        let tokens = meter.tokens(of: model)
        #expect(tokens.counter.name == tokenizer)
        #expect(tokens.perThousand == 1000)
    }

    @Test(
        "Any other model is bounded by what is known of its vendor",
        arguments: [
            ("anthropic/claude-sonnet-4-5-20250929", 1200), ("anthropic/claude-opus-4-6", 1200),
            ("anthropic/claude-opus-4-20250514", 1200), ("anthropic/claude-3-5-haiku-latest", 1200),
            ("anthropic/claude-opus-4-7", 1600), ("anthropic/claude-sonnet-5", 1600),
            ("anthropic/claude-latest", 1600), ("openrouter/anthropic/claude-sonnet-4.5", 1200),
            ("openrouter/anthropic/claude-opus-4.7", 1600), ("google/gemini-2.5-pro", 1150),
            ("openai/gemini-2.5-flash", 1150), ("ollama/gemma3:4b", 1150), ("ollama/llama3", 1300),
            ("ollama/qwen3:8b", 1300), ("openai", 1300), ("openai/gpt-6", 1300), ("openai/gpt-4.7", 1300),
            ("openai/o12", 1300), ("openai/gpt-5000", 1300), ("", 1300), ("/", 1300),
        ])
    func bounds(model: String, perThousand: Int) {
        let tokens = meter.tokens(of: model)
        #expect(tokens.counter.name == "o200k_base")
        #expect(tokens.perThousand == perThousand)
    }

    @Test(
        "A name that only sounds like one of OpenAI's is not trusted",
        arguments: ["ollama/gpt-4o", "gpt-4o", "acme/gpt-5", "openai/acme/gpt-5", "openai/my-gpt-4o"])
    func doubtsNamesOfOthers(model: String) {
        #expect(meter.tokens(of: model).perThousand == 1300)
    }
}
