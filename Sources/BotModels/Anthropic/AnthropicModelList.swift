import BotCore

/// The answer to `GET /v1/models` (Anthropic API reference, "List Models").
struct AnthropicModelList: Decodable {
    private struct Entry: Decodable {
        private struct Capabilities: Decodable {
            struct Support: Decodable { let supported: Bool }

            private enum CodingKeys: String, CodingKey { case imageInput = "image_input" }

            let imageInput: Support?

            init(from decoder: any Decoder) throws {
                imageInput = try decoder.container(keyedBy: CodingKeys.self).lenient(.imageInput)
            }
        }

        private enum CodingKeys: String, CodingKey {
            case id, capabilities, lifecycle
            case maxInputTokens = "max_input_tokens"
            case maxTokens = "max_tokens"
        }

        let model: ListedModel?

        init(from decoder: any Decoder) throws {
            // What is no object is no model, and spoils none of the others.
            guard let entry = try? decoder.container(keyedBy: CodingKeys.self) else {
                model = nil
                return
            }
            let lifecycle: String? = entry.lenient(.lifecycle)
            guard let id: String = entry.lenient(.id), !id.isEmpty, lifecycle != "retired" else {
                model = nil
                return
            }
            func number(_ key: CodingKeys) -> Int? { entry.tokens(key).flatMap { $0 > 0 ? $0 : nil } }
            let capabilities: Capabilities? = entry.lenient(.capabilities)
            model = ListedModel(
                id: id,
                facts: ListedModel.Facts(
                    contextWindow: number(.maxInputTokens), maxOutputTokens: number(.maxTokens),
                    seesImages: capabilities?.imageInput?.supported))
        }
    }

    let models: [ListedModel]

    private enum CodingKeys: String, CodingKey { case data }

    init(from decoder: any Decoder) throws {
        let entries = try decoder.container(keyedBy: CodingKeys.self).decode([Entry].self, forKey: .data)
        models = entries.compactMap(\.model)
    }
}
