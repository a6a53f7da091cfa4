import BotCore

/// The answer to llama.cpp's `GET /props` (its server's README, "Get server global properties").
struct LlamaCppProperties: Decodable {
    private struct GenerationSettings: Decodable {
        let length: Int?

        private enum CodingKeys: String, CodingKey { case length = "n_ctx" }

        init(from decoder: any Decoder) throws {
            length = try decoder.container(keyedBy: CodingKeys.self).tokens(.length)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case modalities
        case generationSettings = "default_generation_settings"
        case templateCapabilities = "chat_template_caps"
    }

    private let contextLength: Int?
    private let modalities: [String: JSONValue]?
    private let templateCapabilities: [String: JSONValue]?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let settings: GenerationSettings? = container.lenient(.generationSettings)
        contextLength = settings?.length.flatMap { $0 > 0 ? $0 : nil }
        modalities = container.lenient(.modalities)
        templateCapabilities = container.lenient(.templateCapabilities)
    }

    /// The window is that of one slot: what a request can really use of the length that the server was started with. A chat template
    /// without tools makes the server drop them without a word, so only what is said to take tools and calls gets any.
    var facts: ListedModel.Facts? {
        // Whatever else answered is not llama.cpp with a model.
        guard contextLength != nil || modalities != nil else { return nil }
        let tools = templateCapabilities?["supports_tools"]
        return ListedModel.Facts(
            contextWindow: contextLength, seesImages: modalities.map { $0["vision"] == .bool(true) },
            callsTools: tools.map { $0 == .bool(true) && templateCapabilities?["supports_tool_calls"] != .bool(false) })
    }
}
