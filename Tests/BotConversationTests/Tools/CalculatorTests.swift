import Testing

@testable import BotConversation

struct CalculatorTests {
    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("0.1 + 0.2", "0.3"), ("-2^2", "-4"), ("(-2)^2", "4"),
        ("2^3^2", "512"), ("2**10", "1024"), ("2^-2", "0.25"), ("7 % 3", "1"), ("-7 % 3", "2"), ("10 / 4", "2.5"),
        ("12345678901234567 * 98765432109876543", "1219326311370217861743636654061881"),
        ("1_000 × 3 ÷ 4 − 1", "749"), ("round(2pi, 10)", "6.2831853072"),
        ("2(3 + 4)", "14"), ("sqrt(2)", "1.4142135623731"), ("sqrt(144)", "12"), ("log(1000)", "3"), ("ln(e)", "1"),
        ("round(2.345, 2)", "2.35"), ("floor(-1.5)", "-2"), ("ceil(1.2)", "2"), ("abs(-3)", "3"),
        ("max(1, 2, 3) - min(4, 5)", "-1"), ("factorial(20)", "2432902008176640000"), ("sin(0)", "0"),
        ("1e3 + 1E-1", "1000.1"), ("--3", "3"), ("2^200", "about 1.60693804425899e+60"),
    ])
    func calculates(expression: String, result: String) throws {
        #expect(try Calculator.result(of: expression) == result)
    }

    @Test(arguments: [
        ("", CalculationError.incomplete), ("1 +", .incomplete), ("(1", .incomplete),
        ("1 2", .unexpected("number", place: 3)),
        ("1)", .unexpected(")", place: 2)), ("2 & 3", .unexpected("&", place: 3)),
        ("1..2", .unexpected("number", place: 3)),
        ("foo(1)", .unknownName("foo")), ("sqrt", .incomplete), ("sqrt 4", .unexpected("number", place: 6)),
        ("1 / 0", .divisionByZero), ("5 % 0", .divisionByZero), ("0 ^ -1", .divisionByZero), ("sqrt(-1)", .undefined),
        ("ln(0)", .undefined), ("10^1000", .undefined), ("factorial(101)", .undefined), ("factorial(1.5)", .undefined),
        ("round(1, 2, 3)", .wrongCount(function: "round")), ("(-8)^0.5", .undefined),
        ("import os", .unknownName("import")),
    ])
    func refuses(expression: String, error: CalculationError) {
        #expect(throws: error) { try Calculator.result(of: expression) }
    }

    @Test func hostileExpressionsAreRefusedAtOnce() {
        #expect(throws: CalculationError.tooLong) { try Calculator.result(of: String(repeating: "1+", count: 600)) }
        #expect(throws: CalculationError.tooDeep) { try Calculator.result(of: String(repeating: "(", count: 900)) }
        #expect(throws: CalculationError.tooDeep) {
            try Calculator.result(of: String(repeating: "2^", count: 400) + "2")
        }
        #expect(throws: CalculationError.undefined) {
            try Calculator.result(of: "9^999^999")
        }
    }
}
