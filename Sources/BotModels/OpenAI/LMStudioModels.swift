import BotCore

/// The answer to LM Studio's `GET /api/v1/models` (LM Studio REST API, "List your models").
struct LMStudioModels: Decodable {
    private struct Instance: Decodable {
        let id: String
        let contextLength: Int?

        private enum CodingKeys: String, CodingKey { case id, config }
        private enum ConfigKeys: String, CodingKey { case contextLength = "context_length" }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(String.self, forKey: .id)
            contextLength = try? container.nestedContainer(keyedBy: ConfigKeys.self, forKey: .config)
                .tokens(.contextLength)
        }
    }

    private struct Model: Decodable {
        let key: String
        let type: String?
        let instances: [Instance]
        let capabilities: [String: JSONValue]?

        private enum CodingKeys: String, CodingKey {
            case key, type, capabilities
            case instances = "loaded_instances"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.decode(String.self, forKey: .key)
            type = container.lenient(.type)
            instances = container.lenient(.instances) ?? []
            capabilities = container.lenient(.capabilities)
        }
    }

    private let models: [Model]

    /// What is said of a model, which is named by its key or by that of a loaded instance; nil when it is not there.
    func facts(of name: String) -> ListedModel.Facts? {
        let isNamed: (Instance) -> Bool = { $0.id == name }
        guard let model = models.first(where: { $0.key == name || $0.instances.contains(where: isNamed) }) else {
            return nil
        }
        // The one that answers, if several are loaded, is not known: the shortest window holds for all.
        let asked = model.instances.contains(where: isNamed) ? model.instances.filter(isNamed) : model.instances
        let window = asked.compactMap(\.contextLength).filter { $0 > 0 }.min()
        func can(_ ability: String) -> Bool? { model.capabilities.map { $0[ability] == .bool(true) } }
        return ListedModel.Facts(
            contextWindow: window, seesImages: can("vision"), callsTools: can("trained_for_tool_use"),
            chats: model.type.map { $0 == "llm" }, isPreliminary: window == nil)
    }
}

/// The answer to LM Studio's `GET /api/v0/models` (LM Studio docs, "REST API v0"), which older versions have alone.
struct LMStudioOldModels: Decodable {
    private struct Model: Decodable {
        let id: String
        let type: String?
        let capabilities: [String]?
        let loadedLength: Int?

        private enum CodingKeys: String, CodingKey {
            case id, type, capabilities
            case loadedLength = "loaded_context_length"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(String.self, forKey: .id)
            type = container.lenient(.type)
            capabilities = container.lenient(.capabilities)
            loadedLength = container.tokens(.loadedLength)
        }
    }

    private let data: [Model]

    /// What is said of a model; nil when it is not there.
    func facts(of name: String) -> ListedModel.Facts? {
        guard let model = data.first(where: { $0.id == name }) else { return nil }
        let window = model.loadedLength.flatMap { $0 > 0 ? $0 : nil }
        return ListedModel.Facts(
            contextWindow: window, seesImages: model.type.map { $0 == "vlm" },
            callsTools: model.capabilities.map { $0.contains("tool_use") },
            chats: model.type.map { $0 == "llm" || $0 == "vlm" }, isPreliminary: window == nil)
    }
}
