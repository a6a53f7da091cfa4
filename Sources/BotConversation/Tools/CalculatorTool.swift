import BotCore

/// `calculator`: what an expression comes to.
struct CalculatorTool: Tool {
    let description = ToolDescription(
        name: "calculator",
        purpose: "Calculates an expression exactly. Use it for all arithmetic with more than a few digits.",
        parameters: .object([
            "type": .string("object"),
            "properties": .object([
                "expression": .object([
                    "type": .string("string"),
                    "description": .string(
                        "Numbers with a decimal point, + - * / ^ and % (remainder), parentheses, pi, e, and the functions "
                            + Calculator.functionNames.joined(separator: ", ") + "; angles in radians"),
                ])
            ]),
            "required": .array([.string("expression")]),
        ]))

    func run(_ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String {
        let expression = try arguments.text("expression")
        do throws(CalculationError) {
            return try Calculator.result(of: expression)
        } catch {
            throw ToolFailure(error.words)
        }
    }
}
