import Foundation

/// Why an expression has no result.
enum CalculationError: Error, Equatable {
    case tooLong
    case tooDeep
    /// Something stands where it makes no sense, at this place, counted from 1.
    case unexpected(String, place: Int)
    case incomplete
    case unknownName(String)
    case wrongCount(function: String)
    case divisionByZero
    /// The result is no number, or too large for one.
    case undefined

    /// What to tell whoever wrote the expression.
    var words: String {
        switch self {
        case .tooLong: "the expression is too long"
        case .tooDeep: "the parentheses are nested too deep"
        case .unexpected(let what, let place): "unexpected \(what) at character \(place)"
        case .incomplete: "the expression is incomplete"
        case .unknownName(let name): "there is no function or constant \(name)"
        case .wrongCount(let function): "\(function) was given a wrong number of arguments"
        case .divisionByZero: "division by zero"
        case .undefined: "the result is undefined or too large"
        }
    }
}

/// Evaluates expressions: by hand, since no package for it can be had and Foundation's `NSExpression` is not on Linux. Numbers are decimal with up to 38 digits, so that 0.1 + 0.2 is 0.3; only functions and powers that are no whole
/// ones go through binary numbers, with 15 digits.
enum Calculator {
    /// In characters.
    static let longestExpression = 1_000

    /// The value of an expression as text.
    static func result(of expression: String) throws(CalculationError) -> String {
        guard expression.count <= longestExpression else { throw .tooLong }
        var parser = ExpressionParser(try ExpressionToken.tokens(of: expression))
        return text(try parser.value())
    }

    static var functionNames: [String] { functions.keys.sorted() }

    /// A function of numbers, with how many it takes.
    struct Function: Sendable {
        let count: ClosedRange<Int>
        let apply: @Sendable ([Decimal]) throws(CalculationError) -> Decimal
    }

    static let constants: [String: Decimal] = [
        "pi": Decimal.pi, "π": Decimal.pi, "e": Decimal(string: "2.7182818284590452353602874713526624977") ?? 0,
    ]

    static let functions: [String: Function] = [
        "abs": unary { abs($0) },
        "round": Function(count: 1...2) { numbers throws(CalculationError) in
            rounded(numbers[0], .plain, digits: try digits(numbers))
        },
        "floor": unary { rounded($0, .down) },
        "ceil": unary { rounded($0, .up) },
        "sqrt": binary { $0.squareRoot() },
        "exp": binary(exp), "ln": binary(log), "log": binary(log10), "log2": binary(log2),
        "sin": binary(sin), "cos": binary(cos), "tan": binary(tan),
        "asin": binary(asin), "acos": binary(acos), "atan": binary(atan),
        "min": Function(count: 1...64) { $0.min() ?? 0 },
        "max": Function(count: 1...64) { $0.max() ?? 0 },
        "factorial": Function(count: 1...1) { numbers throws(CalculationError) in try factorial(numbers[0]) },
    ]

    // MARK: - Arithmetic

    static func power(_ base: Decimal, _ exponent: Decimal) throws(CalculationError) -> Decimal {
        if rounded(exponent, .plain) == exponent, abs(exponent) <= 1000 {
            let whole = NSDecimalNumber(decimal: abs(exponent)).intValue
            var (result, factor, rest) = (Decimal(1), base, whole)
            while rest > 0 {
                if rest & 1 == 1 { result = try checked(result * factor) }
                rest >>= 1
                if rest > 0 { factor = try checked(factor * factor) }
            }
            return exponent < 0 ? try quotient(1, result) : result
        }
        return try decimal(pow(double(base), double(exponent)))
    }

    static func quotient(_ dividend: Decimal, _ divisor: Decimal) throws(CalculationError) -> Decimal {
        if divisor == 0 { throw .divisionByZero }
        return try checked(dividend / divisor)
    }

    /// What is left of a division that rounds down, so that it has the divisor's sign.
    static func remainder(_ dividend: Decimal, _ divisor: Decimal) throws(CalculationError) -> Decimal {
        try checked(dividend - divisor * rounded(try quotient(dividend, divisor), .down))
    }

    static func checked(_ value: Decimal) throws(CalculationError) -> Decimal {
        if value.isNaN || !value.isFinite { throw .undefined }
        return value
    }

    private static func factorial(_ number: Decimal) throws(CalculationError) -> Decimal {
        guard number >= 0, number <= 100, rounded(number, .plain) == number else { throw .undefined }
        let count = NSDecimalNumber(decimal: number).intValue
        var result = Decimal(1)
        for factor in stride(from: 2, through: count, by: 1) { result = try checked(result * Decimal(factor)) }
        return result
    }

    private static func digits(_ numbers: [Decimal]) throws(CalculationError) -> Int {
        guard numbers.count > 1 else { return 0 }
        guard abs(numbers[1]) <= 30, rounded(numbers[1], .plain) == numbers[1] else { throw .undefined }
        return NSDecimalNumber(decimal: numbers[1]).intValue
    }

    private static func rounded(_ value: Decimal, _ mode: NSDecimalNumber.RoundingMode, digits: Int = 0) -> Decimal {
        var (result, value) = (Decimal(), value)
        NSDecimalRound(&result, &value, digits, mode)
        return result
    }

    private static func unary(_ apply: @escaping @Sendable (Decimal) -> Decimal) -> Function {
        Function(count: 1...1) { apply($0[0]) }
    }

    private static func binary(_ apply: @escaping @Sendable (Double) -> Double) -> Function {
        Function(count: 1...1) { numbers throws(CalculationError) in try decimal(apply(double(numbers[0]))) }
    }

    private static func double(_ value: Decimal) -> Double { NSDecimalNumber(decimal: value).doubleValue }

    /// A binary number with the 15 digits that are certain, written out so that no binary noise becomes digits.
    private static func decimal(_ value: Double) throws(CalculationError) -> Decimal {
        guard value.isFinite, abs(value) < 1e60 else { throw .undefined }
        guard abs(value) > 1e-60, let number = Decimal(string: String(format: "%.14e", value)) else { return 0 }
        return number
    }

    /// The digits, where all of them are certain.
    private static func text(_ value: Decimal) -> String {
        guard abs(value) < largestExact else { return "about \(String(format: "%.14e", double(value)))" }
        return NSDecimalNumber(decimal: value).stringValue
    }

    private static let largestExact = Decimal(sign: .plus, exponent: 38, significand: 1)
}
