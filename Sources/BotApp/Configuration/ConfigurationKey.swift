/// One key of the configuration: what it is called, what it may hold and what it is for.
package struct ConfigurationKey: Sendable {
    /// What a key may hold.
    package enum Kind: Sendable, Equatable {
        case string
        case bool
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case choice([String])
        case strings
        /// `auto` or a whole number of at least the given one.
        case autoOrInteger(atLeast: Int)
        /// A sum of US dollars, as a text or a number.
        case money
    }

    /// The path in the file, as `telegram.botToken`.
    package let path: String
    package let kind: Kind
    /// The default as the documentation shows it; empty for none.
    package let defaultText: String
    /// Whether the value must never be printed.
    package let isSecret: Bool
    /// What it is for, in one line.
    package let summary: String

    init(
        _ path: String, _ kind: Kind, default defaultText: String = "", secret: Bool = false,
        _ summary: String
    ) {
        self.path = path
        self.kind = kind
        self.defaultText = defaultText
        self.isSecret = secret
        self.summary = summary
    }

    /// The environment variable that overrides the file, as `TELEGRAM_BOT_TOKEN`.
    ///
    /// The rule is swift-configuration's: an underscore where lower case meets upper case, and between the parts.
    package var environmentName: String {
        path.split(separator: ".").map { part in
            var name = ""
            var previous: Character?
            for character in part {
                if let previous, previous.isLowercase, character.isUppercase { name.append("_") }
                name.append(contentsOf: character.uppercased())
                previous = character
            }
            return name
        }.joined(separator: "_")
    }

    /// What the key takes, in words for an error.
    package var expectation: String {
        switch kind {
        case .string: "a text"
        case .bool: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let choices): "one of " + choices.joined(separator: ", ")
        case .strings: "a list of texts"
        case .money: "a sum of US dollars, as 2.50"
        case .autoOrInteger(let least): "auto, or a whole number of at least \(least)"
        }
    }
}
