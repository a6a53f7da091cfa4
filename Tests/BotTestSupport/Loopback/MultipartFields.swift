import BotCore
import Foundation

/// The arguments of a request that came as `multipart/form-data`: fields as JSON by the types of their parameters, files as objects.
struct MultipartFields {
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
