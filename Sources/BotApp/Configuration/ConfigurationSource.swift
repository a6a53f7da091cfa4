import Configuration

/// Where values come from, strongest first: command line, environment, file, the table's defaults. All values were checked
/// against the table before, so reading them cannot fail.
struct ConfigurationSource {
    private let reader: ConfigReader

    /// Puts the sources together.
    ///
    /// - Parameters:
    ///   - options: values by path, from the command line.
    ///   - environment: the process's variables; those of known keys are taken, and an empty value is as none.
    ///   - file: the checked file.
    init(
        options: [String: String], environment: [String: String], file: ConfigurationFile?
    ) throws(ConfigurationError) {
        var fromOptions: [String: String] = [:]
        for (path, text) in options.sorted(by: { $0.key < $1.key }) {
            guard let key = ConfigurationTable.key(at: path) else {
                let hint = NearestKey.to(path).map { "; did you mean \($0)?" } ?? ""
                throw ConfigurationError("--set \(path): there is no such key\(hint)")
            }
            try Self.check(text, for: key, source: "--set \(path)")
            fromOptions[key.environmentName] = text
        }
        var fromEnvironment: [String: String] = [:]
        for key in ConfigurationTable.keys {
            guard let text = environment[key.environmentName], !text.isEmpty else { continue }
            try Self.check(text, for: key, source: "the environment variable \(key.environmentName)")
            fromEnvironment[key.environmentName] = text
        }
        reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: fromOptions),
            EnvironmentVariablesProvider(environmentVariables: fromEnvironment),
            InMemoryProvider(name: "file", values: Self.values(of: file)),
        ])
    }

    private static func check(
        _ text: String, for key: ConfigurationKey, source: String
    ) throws(ConfigurationError) {
        guard ConfigurationValue.isLegal(text, for: key) else {
            throw ConfigurationError("\(source) (\(key.path)) must be \(key.expectation)")
        }
    }

    private static func values(of file: ConfigurationFile?) -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (path, scalar) in file?.values ?? [:] {
            let content: ConfigContent =
                switch scalar {
                case .string(let text): .string(text)
                case .bool(let flag): .bool(flag)
                case .integer(let whole): .int(whole)
                case .number(let number): .double(number)
                case .strings(let texts): .stringArray(texts)
                }
            let isSecret = ConfigurationTable.key(at: path)?.isSecret ?? false
            values[AbsoluteConfigKey(ConfigKey(path))] = ConfigValue(content, isSecret: isSecret)
        }
        return values
    }

    /// The value of a text key, or its default.
    func string(_ path: String) -> String {
        reader.string(forKey: ConfigKey(path), isSecret: isSecret(path)) ?? defaultText(path)
    }

    /// The value of a key with a whole number, or its default.
    func int(_ path: String) -> Int {
        reader.int(forKey: ConfigKey(path)) ?? Int(defaultText(path)) ?? 0
    }

    /// The value of a key with a whole number; nil for `auto`.
    func intUnlessAuto(_ path: String) -> Int? {
        reader.int(forKey: ConfigKey(path)) ?? Int(string(path))
    }

    /// The value of a key with a number, or its default.
    func double(_ path: String) -> Double {
        reader.double(forKey: ConfigKey(path)) ?? Double(defaultText(path)) ?? 0
    }

    /// The value of a key that is true or false, or its default.
    func bool(_ path: String) -> Bool {
        reader.bool(forKey: ConfigKey(path)) ?? (defaultText(path) == "true")
    }

    /// The texts of a list key, without blanks around them.
    func strings(_ path: String) -> [String] {
        (reader.stringArray(forKey: ConfigKey(path)) ?? [])
            .map { $0.trimmingBlanks() }
            .filter { !$0.isEmpty }
    }

    /// Whether any source gave the key a value.
    func isSet(_ path: String) -> Bool {
        switch ConfigurationTable.key(at: path)?.kind {
        case .strings: reader.stringArray(forKey: ConfigKey(path)) != nil
        case .bool: reader.bool(forKey: ConfigKey(path)) != nil
        case .integer: reader.int(forKey: ConfigKey(path)) != nil
        case .number: reader.double(forKey: ConfigKey(path)) != nil
        default: reader.string(forKey: ConfigKey(path), isSecret: isSecret(path)) != nil
        }
    }

    private func defaultText(_ path: String) -> String { ConfigurationTable.key(at: path)?.defaultText ?? "" }

    private func isSecret(_ path: String) -> Bool { ConfigurationTable.key(at: path)?.isSecret ?? false }
}

extension String {
    /// The text without white space at its ends.
    func trimmingBlanks() -> String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
