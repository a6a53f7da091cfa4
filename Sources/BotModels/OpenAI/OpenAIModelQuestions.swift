import BotCore

/// Where servers of chat completions say more of a model than their lists do. A server is known by the owner that its list names for the
/// model, so that no other one is asked what it does not know.
enum OpenAIModelQuestions {
    /// What is special about one kind of server.
    private struct Server {
        /// What its list has as `owned_by`.
        let owner: String
        /// Whether it has one model and answers with that whatever name it is asked for.
        var answersToAnyName = false
        let questions: @Sendable (String) -> [ModelQuestion]
    }

    private static let servers = [
        // llama.cpp, "GET /props". With several models ("Using multiple models") it would load the one that is asked about.
        Server(owner: "llamacpp", answersToAnyName: true) { model in
            [
                ModelQuestion(place: .root("/props?model=\(escaped(model))&autoload=false")) {
                    JSONText.decode(LlamaCppProperties.self, from: $0)?.facts
                }
            ]
        },
        // LM Studio, "List your models" of its API v1, which is there since 0.4.0, and of v0, which is there since 0.3.6.
        Server(owner: "organization_owner") { model in
            [
                ModelQuestion(place: .root("/api/v1/models")) {
                    JSONText.decode(LMStudioModels.self, from: $0)?.facts(of: model)
                },
                ModelQuestion(place: .root("/api/v0/models")) {
                    JSONText.decode(LMStudioOldModels.self, from: $0)?.facts(of: model)
                },
            ]
        },
    ]

    /// The entry that tells of a model: the one of its name, or the only one of a server that does not care for names.
    static func entry(of model: String, in list: [ListedModel]) -> ListedModel? {
        if let named = list.first(where: { $0.id == model }) { return named }
        guard list.count == 1, let only = list.first, server(of: only)?.answersToAnyName == true else { return nil }
        return only
    }

    /// What is asked about a model that is listed.
    static func all(about listed: ListedModel) -> [ModelQuestion] { server(of: listed)?.questions(listed.id) ?? [] }

    private static func server(of listed: ListedModel) -> Server? { servers.first { $0.owner == listed.owner } }

    /// A value of a query, with all that is not surely harmless percent-encoded (RFC 3986, section 2.3).
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            if isPlain { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}
