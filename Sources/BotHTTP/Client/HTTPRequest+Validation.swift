extension HTTPRequest {
    /// Checks what goes into the request's head: a line break there would let its author write fields of their own.
    ///
    /// - Throws: `HTTPError.invalidURL`, the error for a request that the client does not take.
    func validate() throws(HTTPError) {
        guard Self.isToken(method) else { throw .invalidURL("the method is not a word") }
        for (name, value) in headers {
            guard Self.isToken(name) else { throw .invalidURL("a header field's name is not a word") }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw .invalidURL("the header field \(name) holds a control character")
            }
        }
    }

    /// Whether a text is a token of RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
