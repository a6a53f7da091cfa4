import BotCore
import Foundation

/// The body of a call with a file, as `multipart/form-data` ("Sending files", Bot API): each parameter of the call is a field,
/// objects and lists in it are written as JSON.
struct MultipartForm {
    let contentType: String
    let body: [UInt8]

    init(_ call: some TelegramCall, _ file: ReplyFile, as field: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let fields = try JSONDecoder().decode([String: JSONValue].self, from: encoder.encode(call))
        let content = Array(file.content.utf8)
        // A line that is made from the content cannot stand in it by chance.
        let digest = SHA256.digest(of: content).map { String($0, radix: 16) }.joined()
        let boundary = "mybot-\(digest.prefix(40))"

        var body: [UInt8] = []
        func part(_ head: String, _ content: [UInt8]) {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8)
            body += content
            body += Array("\r\n".utf8)
        }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            if case .string(let text) = value {
                part("name=\"\(name)\"", Array(text.utf8))
            } else {
                part("name=\"\(name)\"", Array(try encoder.encode(value)))
            }
        }
        let name = "name=\"\(field)\"; filename=\"\(Self.quotable(file.name))\""
        part("\(name)\r\nContent-Type: \(file.mediaType); charset=utf-8", content)
        body += Array("--\(boundary)--\r\n".utf8)
        self.body = body
        contentType = "multipart/form-data; boundary=\(boundary)"
    }

    /// A file's name as it may stand between quotation marks in a header.
    private static func quotable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { (0x20..<0x7F).contains($0.value) }))
            .replacing("\"", with: "").replacing("\\", with: "")
    }
}
