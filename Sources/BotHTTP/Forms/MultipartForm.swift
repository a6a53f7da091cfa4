package import BotCore

/// A request body of fields and one file, as `multipart/form-data` (RFC 7578).
package struct MultipartForm: Sendable {
    /// What the header `Content-Type` has to say.
    package let contentType: String
    package let body: [UInt8]

    /// - Parameters:
    ///   - fields: names and what they hold.
    ///   - name: the name of the field that the file is.
    package init(fields: [(name: String, content: [UInt8])], file: ReplyFile, as name: String) {
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
        for field in fields { part("name=\"\(field.name)\"", field.content) }
        let head = "name=\"\(name)\"; filename=\"\(Self.quotable(file.name))\""
        part("\(head)\r\nContent-Type: \(file.mediaType); charset=utf-8", content)
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
