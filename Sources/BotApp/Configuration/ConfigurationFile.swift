import Foundation

/// Reads `config.json` and checks it whole against the table: swift-configuration cannot list a file's keys and hides a
/// wrong type behind a default.
struct ConfigurationFile {
    /// The file's values by path, all of the right type.
    let values: [String: JSONScalar]

    /// A value as the file has it.
    enum JSONScalar: Equatable {
        case string(String)
        case bool(Bool)
        case integer(Int)
        case number(Double)
        case strings([String])
    }

    /// Reads and checks a file.
    ///
    /// - Throws: `ConfigurationError` that names the file, the key and the mend.
    init(path: String) throws(ConfigurationError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ConfigurationError("\(path) cannot be read: check that it exists and its rights")
        }
        try self.init(data: data, name: path)
    }

    init(data: Data, name: String) throws(ConfigurationError) {
        let object: Any
        do {
            object = try JSONSerialization.jsonObject(with: data)
        } catch {
            let details = (error as NSError).userInfo["NSDebugDescription"] as? String
            throw ConfigurationError(
                "\(name) is not valid JSON: \(details.map { Self.placed($0, in: data) } ?? "it cannot be parsed")")
        }
        guard let members = object as? [String: Any] else {
            throw ConfigurationError("\(name) must hold one JSON object: { ... }")
        }
        var values: [String: JSONScalar] = [:]
        try Self.collect(members, under: "", name: name, into: &values)
        self.values = values
    }

    /// The parser's words with a line and a column, which an editor shows, instead of a count of characters.
    private static func placed(_ details: String, in data: Data) -> String {
        if data.allSatisfy({ $0 <= 32 }) { return "it is empty; {} is the least" }
        guard let match = details.firstMatch(of: #/around character (\d+)\.?/#), let offset = Int(match.output.1) else {
            return details
        }
        let before = data.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column =
            before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 - before.startIndex + 1 } ?? 0) + 1
        return "\(details[..<match.range.lowerBound])at line \(line), column \(column)"
    }

    private static func collect(
        _ members: [String: Any], under prefix: String, name: String, into values: inout [String: JSONScalar]
    ) throws(ConfigurationError) {
        for member in members.keys.sorted() {
            guard let value = members[member] else { continue }
            let path = prefix.isEmpty ? member : "\(prefix).\(member)"
            if let key = ConfigurationTable.key(at: path) {
                guard let scalar = scalar(value, for: key) else {
                    throw ConfigurationError("\(name): \(path) must be \(key.expectation)")
                }
                values[path] = scalar
            } else if ConfigurationTable.keys.contains(where: { $0.path.hasPrefix(path + ".") }) {
                guard let members = value as? [String: Any] else {
                    throw ConfigurationError("\(name): \(path) must hold an object with its keys")
                }
                try collect(members, under: path, name: name, into: &values)
            } else {
                let hint = NearestKey.to(path).map { "; did you mean \($0)?" } ?? ""
                throw ConfigurationError("\(name): there is no key \(path)\(hint)")
            }
        }
    }

    private static func scalar(_ value: Any, for key: ConfigurationKey) -> JSONScalar? {
        let number = value as? NSNumber
        let isBool = number.map { isBoolean($0) } ?? false
        switch key.kind {
        case .string, .choice:
            guard let text = value as? String, ConfigurationValue.isLegal(text, for: key) else { return nil }
            return .string(text)
        case .bool:
            guard isBool, let number else { return nil }
            return .bool(number.boolValue)
        case .integer:
            guard !isBool, let number, let whole = Int(exactly: number.doubleValue),
                ConfigurationValue.isLegal(String(whole), for: key)
            else { return nil }
            return .integer(whole)
        case .number:
            guard !isBool, let number, ConfigurationValue.isLegal(String(number.doubleValue), for: key) else {
                return nil
            }
            return .number(number.doubleValue)
        case .strings:
            guard let texts = value as? [String] else { return nil }
            return .strings(texts)
        case .money:
            let text = value as? String ?? (isBool ? nil : number.map { String($0.doubleValue) })
            guard let text, ConfigurationValue.isLegal(text, for: key) else { return nil }
            return .string(text)
        case .autoOrInteger:
            if let text = value as? String, ConfigurationValue.isLegal(text, for: key) { return .string(text) }
            guard !isBool, let number, let whole = Int(exactly: number.doubleValue),
                ConfigurationValue.isLegal(String(whole), for: key)
            else { return nil }
            return .string(String(whole))
        }
    }

    /// Whether the number was written as `true` or `false`: JSONSerialization gives both as `NSNumber`.
    private static func isBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c" || String(cString: number.objCType) == "B"
    }
}
