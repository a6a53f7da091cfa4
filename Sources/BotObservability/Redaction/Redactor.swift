package import BotCore

/// Takes secrets out of text before it is written anywhere.
///
/// It knows the configured secrets in every form in which they tend to appear, and the shapes of those that nobody configured:
/// Telegram tokens in URLs, Discord webhook and interaction tokens in URLs, credentials of headers and of URLs. One pass over
/// the bytes; a text without any secret is returned as it is.
package struct Redactor: Sendable {
    /// What stands in place of a secret.
    package static let mark = "<redacted>"

    /// Shorter secrets are not looked for: they would be found in every second word.
    private static let shortest = 4

    /// The forms of the secrets by their first byte, longest first.
    private let forms: [UInt8: [[UInt8]]]
    /// For each byte whether a secret or a shape can begin with it.
    private let begins: [Bool]

    /// Creates a redactor for the configured secrets.
    package init(secrets: [Secret]) {
        var forms: [UInt8: [[UInt8]]] = [:]
        for form in Set(secrets.flatMap { Self.forms(of: $0.exposed) }) {
            if let first = form.first { forms[first, default: []].append(form) }
        }
        self.forms = forms.mapValues { $0.sorted { $0.count > $1.count } }
        var begins = [Bool](repeating: false, count: 256)
        for first in forms.keys { begins[Int(first)] = true }
        for first in SecretShape.firstBytes { begins[Int(first)] = true }
        self.begins = begins
    }

    /// The text with every secret replaced by the mark.
    package func redacted(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in redacted(bytes) } ?? text
    }

    /// The text of a named value: values whose name says that they are secret are hidden whole.
    package func redacted(_ text: String, of name: String) -> String {
        Self.secretNames.contains(name.lowercased()) && !text.isEmpty ? Self.mark : redacted(text)
    }

    private static let secretNames: Set<String> = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "apikey", "cookie", "set-cookie", "password",
        "secret",
        "token",
    ]

    /// Nil when there is nothing to hide.
    private func redacted(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var output: [UInt8] = []
        var copied = 0
        var position = 0
        while position < bytes.count {
            guard begins[Int(bytes[position])], let range = secret(in: bytes, at: position) else {
                position += 1
                continue
            }
            output.append(contentsOf: bytes[copied..<range.lowerBound])
            output.append(contentsOf: Self.mark.utf8)
            copied = range.upperBound
            position = max(range.upperBound, position + 1)
        }
        if copied == 0 { return nil }
        output.append(contentsOf: bytes[copied...])
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes to hide if a secret begins here, alone or inside a shape that begins here.
    private func secret(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Range<Int>? {
        for form in forms[bytes[position]] ?? [] where form.count <= bytes.count - position {
            if form.indices.allSatisfy({ bytes[position + $0] == form[$0] }) {
                return position..<(position + form.count)
            }
        }
        return SecretShape.secret(in: bytes, at: position)
    }

    // MARK: - Forms of one secret

    /// A secret as it is, URL-encoded in both cases of hexadecimal, escaped as in JSON; of a Telegram token also what
    /// follows its colon.
    private static func forms(of secret: String) -> [[UInt8]] {
        var plain = [secret]
        if let colon = secret.firstIndex(of: ":"), secret[..<colon].allSatisfy({ $0.isASCII && $0.isNumber }) {
            plain.append(String(secret[secret.index(after: colon)...]))
        }
        return plain.filter { $0.utf8.count >= shortest }.flatMap { text in
            [
                Array(text.utf8), encoded(text, digits: "0123456789ABCDEF"), encoded(text, digits: "0123456789abcdef"),
                escaped(text, slashes: false), escaped(text, slashes: true),
            ]
        }
    }

    private static func encoded(_ text: String, digits: StaticString) -> [UInt8] {
        let digits = Array(digits.description.utf8)
        return text.utf8.flatMap { byte -> [UInt8] in
            let isUnreserved = byte.isWord || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~")
            if isUnreserved { return [byte] }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func escaped(_ text: String, slashes: Bool) -> [UInt8] {
        text.utf8.flatMap { byte -> [UInt8] in
            let needsEscape =
                byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (slashes && byte == UInt8(ascii: "/"))
            return needsEscape ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }

    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }

    /// Letters, digits, `-` and `_`: what tokens in URLs are made of.
    var isWord: Bool { isDigit || isLetter || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }

    var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
