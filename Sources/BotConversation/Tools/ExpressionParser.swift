import Foundation

/// Reads an expression and calculates it at once, by the usual precedence: sums, products, signs, powers (from the right), and what
/// stands in parentheses. A number before a name or a parenthesis is a factor: `2pi`.
struct ExpressionParser {
    private static let deepest = 64

    private let tokens: [ExpressionToken]
    private var index = 0
    private var depth = 0

    init(_ tokens: [ExpressionToken]) { self.tokens = tokens }

    /// The value of the whole expression.
    mutating func value() throws(CalculationError) -> Decimal {
        let value = try sum()
        guard index == tokens.count else { throw unexpected() }
        return value
    }

    private mutating func sum() throws(CalculationError) -> Decimal {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw .tooDeep }
        var value = try product()
        while true {
            if take("+") {
                value = try Calculator.checked(value + product())
            } else if take("-") {
                value = try Calculator.checked(value - product())
            } else {
                return value
            }
        }
    }

    private mutating func product() throws(CalculationError) -> Decimal {
        var value = try signed()
        while true {
            if take("*") {
                value = try Calculator.checked(value * signed())
            } else if take("/") {
                value = try Calculator.quotient(value, signed())
            } else if take("%") {
                value = try Calculator.remainder(value, signed())
            } else if startsFactor {
                value = try Calculator.checked(value * power())
            } else {
                return value
            }
        }
    }

    private var startsFactor: Bool {
        guard index < tokens.count, index > 0 else { return false }
        switch tokens[index].kind {
        case .name: return true
        case .mark(let mark): return mark == "("
        case .number: return false
        }
    }

    /// A sign binds less than a power: -2^2 is -4.
    private mutating func signed() throws(CalculationError) -> Decimal {
        var isNegative = false
        while true {
            if take("-") {
                isNegative.toggle()
            } else if !take("+") {
                let value = try power()
                return isNegative ? -value : value
            }
        }
    }

    private mutating func power() throws(CalculationError) -> Decimal {
        let base = try primary()
        guard take("^") else { return base }
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw .tooDeep }
        return try Calculator.power(base, signed())
    }

    private mutating func primary() throws(CalculationError) -> Decimal {
        guard index < tokens.count else { throw .incomplete }
        switch tokens[index].kind {
        case .number(let value):
            index += 1
            return value
        case .name(let name):
            index += 1
            if let value = Calculator.constants[name] { return value }
            return try called(name)
        case .mark("("):
            index += 1
            let value = try sum()
            try close()
            return value
        case .mark: throw unexpected()
        }
    }

    private mutating func called(_ name: String) throws(CalculationError) -> Decimal {
        guard let function = Calculator.functions[name] else { throw .unknownName(name) }
        guard take("(") else { throw index < tokens.count ? unexpected() : .incomplete }
        var numbers = [try sum()]
        while take(",") { numbers.append(try sum()) }
        try close()
        guard function.count.contains(numbers.count) else { throw .wrongCount(function: name) }
        return try Calculator.checked(function.apply(numbers))
    }

    private mutating func close() throws(CalculationError) {
        guard take(")") else { throw index < tokens.count ? unexpected() : .incomplete }
    }

    private mutating func take(_ mark: Character) -> Bool {
        guard index < tokens.count, tokens[index].kind == .mark(mark) else { return false }
        index += 1
        return true
    }

    private func unexpected() -> CalculationError {
        let token = tokens[index]
        let words =
            switch token.kind {
            case .number: "number"
            case .name(let name): name
            case .mark(let mark): String(mark)
            }
        return .unexpected(words, place: token.place)
    }
}
