import BotCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The JSON object of a request, read field by field so that each error names its field.
struct JSONBody {
    /// The largest body that is taken.
    static let limit = 1 << 20

    let members: [String: JSONValue]
    /// Where this object stands in the request, for errors: empty at the top, else as `data.`.
    var prefix = ""

    /// Reads the body of a request.
    ///
    /// - Throws: `APIError` when it is no JSON object, too large or not declared as JSON.
    init(_ request: Request) async throws {
        let type = request.headers[.contentType]?.lowercased() ?? ""
        guard type == "application/json" || type.hasPrefix("application/json;") else {
            throw APIError(
                status: .unsupportedMediaType, message: "Send JSON with the header Content-Type: application/json")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.limit)
        } catch {
            throw APIError(status: .contentTooLarge, message: "The body is larger than \(Self.limit) bytes")
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(buffer.readableBytesView)) else {
            throw APIError.badRequest("The body is not valid JSON")
        }
        guard let members = value.members else { throw APIError.badRequest("The body must be a JSON object") }
        self.members = members
    }

    private init(members: [String: JSONValue], prefix: String) {
        self.members = members
        self.prefix = prefix
    }

    /// The text of a field; nil when it is not there.
    func string(_ name: String) throws -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw APIError.badRequest("\(prefix)\(name) must be a text")
        }
    }

    /// The whole number of a field inside a range; nil when it is not there.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        let number: Int64
        switch members[name] {
        case nil, .null: return nil
        case .integer(let value): number = value
        case .string(let text):
            guard let value = Int64(text) else { fallthrough }
            number = value
        default: throw APIError.badRequest("\(prefix)\(name) must be a whole number")
        }
        guard range.contains(number) else {
            throw APIError.badRequest("\(prefix)\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The object of a field; nil when it is not there.
    func object(_ name: String) throws -> JSONBody? {
        switch members[name] {
        case nil, .null: return nil
        case .object(let members): return JSONBody(members: members, prefix: "\(prefix)\(name).")
        default: throw APIError.badRequest("\(prefix)\(name) must be an object")
        }
    }
}
