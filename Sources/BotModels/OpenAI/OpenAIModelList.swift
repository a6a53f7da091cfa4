import BotCore

/// The answer to `GET /models`. By OpenAI's reference an entry has no more than an id; what others add is read where it is known:
/// OpenRouter, Groq, Mistral, vLLM, llama.cpp and LM Studio.
struct OpenAIModelList: Decodable {
    private struct Entry: Decodable {
        let model: ListedModel?

        private enum CodingKeys: String, CodingKey {
            case id, meta, architecture, capabilities, status, value
            case owner = "owned_by"
            case contextWindow = "context_window"
            case contextLength = "context_length"
            case maxModelLength = "max_model_len"
            case maxContextLength = "max_context_length"
            case loadedContextLength = "loaded_context_length"
            case maxCompletionTokens = "max_completion_tokens"
            case topProvider = "top_provider"
            case supportedParameters = "supported_parameters"
            case inputModalities = "input_modalities"
            case length = "n_ctx"
            case vision, tools
            case functionCalling = "function_calling"
            case completionChat = "completion_chat"
        }

        init(from decoder: any Decoder) throws {
            // What is no object is no model, and spoils none of the others.
            guard let entry = try? decoder.container(keyedBy: CodingKeys.self) else {
                model = nil
                return
            }
            guard let id: String = entry.lenient(.id), !id.isEmpty else {
                model = nil
                return
            }
            func nested(_ key: CodingKeys) -> KeyedDecodingContainer<CodingKeys>? {
                // Some servers have a list there, or nothing.
                try? entry.nestedContainer(keyedBy: CodingKeys.self, forKey: key)
            }
            func number(_ container: KeyedDecodingContainer<CodingKeys>?, _ keys: CodingKeys...) -> Int? {
                keys.lazy.compactMap { key in container?.tokens(key) }.first { $0 > 0 }
            }
            var facts = ListedModel.Facts()
            // What is loaded binds, not what the model could have.
            facts.contextWindow =
                number(entry, .loadedContextLength) ?? number(nested(.meta), .length)
                ?? number(nested(.topProvider), .contextLength)
                ?? number(entry, .contextWindow, .contextLength, .maxModelLength, .maxContextLength)
            facts.maxOutputTokens =
                number(nested(.topProvider), .maxCompletionTokens) ?? number(entry, .maxCompletionTokens)
            let inputs: [String]? = nested(.architecture)?.lenient(.inputModalities)
            facts.seesImages = inputs.map { $0.contains("image") } ?? nested(.capabilities)?.lenient(.vision)
            let parameters: [String]? = entry.lenient(.supportedParameters)
            facts.callsTools =
                parameters.map { $0.contains("tools") } ?? nested(.capabilities)?.lenient(.functionCalling)
            facts.chats = nested(.capabilities)?.lenient(.completionChat)
            // llama.cpp with several models ("List available models").
            let status: String? = nested(.status)?.lenient(.value)
            facts.isPreliminary = status.map { !["loaded", "sleeping"].contains($0) } ?? false
            model = ListedModel(id: id, owner: entry.lenient(.owner), facts: facts)
        }
    }

    let models: [ListedModel]

    private enum CodingKeys: String, CodingKey { case data }

    init(from decoder: any Decoder) throws {
        let entries = try decoder.container(keyedBy: CodingKeys.self).decode([Entry].self, forKey: .data)
        models = entries.compactMap(\.model)
    }
}
