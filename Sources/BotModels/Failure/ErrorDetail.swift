/// The `error` of an answer: an object, or just a text.
struct ErrorDetail: Decodable, Equatable {
    var message: String
    var type: String
    /// A word at some servers, the HTTP status at others.
    var code: String

    private enum CodingKeys: String, CodingKey { case message, type, code }

    init(message: String, type: String = "", code: String = "") {
        (self.message, self.type, self.code) = (message, type, code)
    }

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        // A text is not an object; then it is the message.
        if let text = try? single.decode(String.self) {
            self.init(message: text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let number: Int? = container.lenient(.code)
        self.init(
            message: container.lenient(.message) ?? "", type: container.lenient(.type) ?? "",
            code: container.lenient(.code) ?? number.map { "\($0)" } ?? "")
    }
}
