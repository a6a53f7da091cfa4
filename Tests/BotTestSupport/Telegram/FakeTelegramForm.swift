import BotCore
import Foundation

/// A file that the bot has sent.
package struct FakeTelegramFile: Sendable, Equatable {
    package let name: String
    package let mediaType: String
    package let content: String

    init(name: String, mediaType: String, content: String) {
        self.name = name
        self.mediaType = mediaType
        self.content = content
    }

    /// Reads what `FakeTelegramForm` has made of an upload.
    init?(_ argument: JSONValue) {
        guard let members = argument.members, case .string(let name) = members["name"],
            case .string(let mediaType) = members["type"], case .string(let content) = members["content"]
        else { return nil }
        self.init(name: name, mediaType: mediaType, content: content)
    }
}

/// The arguments of a request that came as `multipart/form-data`: fields as JSON by the types of their parameters, files as objects.
struct FakeTelegramForm {
    private(set) var arguments: [String: JSONValue] = [:]

    /// Nil when the request is none.
    init?(_ exchange: LoopbackExchange, types: [String: String]) {
        let mark = "multipart/form-data; boundary="
        guard let type = exchange.header("content-type"), type.hasPrefix(mark) else { return nil }
        let line = "--" + type.dropFirst(mark.count)
        for part in exchange.text.components(separatedBy: line).dropFirst() {
            if part.hasPrefix("--") { break }
            guard part.hasPrefix("\r\n"), part.hasSuffix("\r\n"), let end = part.range(of: "\r\n\r\n") else {
                return nil
            }
            let head = part[..<end.lowerBound]
            let content = String(String.UnicodeScalarView(part[end.upperBound...].unicodeScalars.dropLast(2)))
            guard let name = head.firstMatch(of: /; name="([^"]*)"/)?.1 else { return nil }
            if let file = head.firstMatch(of: /; filename="([^"]*)"/)?.1 {
                let mediaType = head.firstMatch(of: /Content-Type: ([^\r\n]*)/)?.1 ?? ""
                arguments[String(name)] = .object([
                    "name": .string(String(file)), "type": .string(String(mediaType)), "content": .string(content),
                ])
            } else if types[String(name)] == "string" {
                arguments[String(name)] = .string(content)
            } else {
                // What is no JSON stays a string, which is then of the wrong type.
                let value = try? JSONDecoder().decode(JSONValue.self, from: Data(content.utf8))
                arguments[String(name)] = value ?? .string(content)
            }
        }
    }
}
