import Foundation

/// A part of an expression, and where it begins, counted from 1.
struct ExpressionToken: Equatable {
    enum Kind: Equatable {
        case number(Decimal)
        case name(String)
        case mark(Character)
    }

    let kind: Kind
    let place: Int

    /// What people and models write for the marks.
    private static let spellings: [Character: Character] = ["×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"]

    static func tokens(of expression: String) throws(CalculationError) -> [ExpressionToken] {
        let characters = Array(expression)
        var tokens: [ExpressionToken] = []
        var index = 0
        while index < characters.count {
            let start = index
            let character = spellings[characters[index]] ?? characters[index]
            index += 1
            if character.isWhitespace { continue }
            if "+-*/^%(),".contains(character) {
                if character == "*", index < characters.count, characters[index] == "*" {
                    // Two stars are a power in many languages.
                    index += 1
                    tokens.append(ExpressionToken(kind: .mark("^"), place: start + 1))
                } else {
                    tokens.append(ExpressionToken(kind: .mark(character), place: start + 1))
                }
            } else if isDigit(character) || character == "." {
                let number = number(in: characters, from: start)
                index = number.end
                guard let value = Decimal(string: number.text, locale: Locale(identifier: "en_US_POSIX")) else {
                    throw .unexpected(number.text, place: start + 1)
                }
                tokens.append(ExpressionToken(kind: .number(value), place: start + 1))
            } else if character.isLetter {
                while index < characters.count, characters[index].isLetter || isDigit(characters[index]) { index += 1 }
                let name = String(characters[start..<index]).lowercased()
                tokens.append(ExpressionToken(kind: .name(name), place: start + 1))
            } else {
                throw .unexpected(String(character), place: start + 1)
            }
        }
        return tokens
    }

    /// Digits, at most one point among them, and an exponent; underscores between digits are left out.
    private static func number(in characters: [Character], from start: Int) -> (text: String, end: Int) {
        var (text, end, hasPoint) = ("", start, false)
        while end < characters.count {
            let character = characters[end]
            if character == ".", !hasPoint {
                hasPoint = true
            } else if !isDigit(character) && character != "_" {
                break
            }
            if character != "_" { text.append(character) }
            end += 1
        }
        guard end < characters.count, characters[end] == "e" || characters[end] == "E" else { return (text, end) }
        var last = end + 1
        if last < characters.count, characters[last] == "-" || characters[last] == "+" { last += 1 }
        let digits = characters[last...].prefix { isDigit($0) }
        // "2e" is twice the constant e.
        guard !digits.isEmpty else { return (text, end) }
        return (text + String(characters[end..<last]) + String(digits), last + digits.count)
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}
