/// What the replies of one model have told about its tokenizer: the line `overhead + rate × counted` through what was reported, and
/// how far reports lie from it.
///
/// The line is a weighted least-squares fit that begins at what is believed beforehand and slowly forgets. So it needs no
/// history, tells a fixed overhead from a rate as soon as prompts differ in length, and is unsure, and therefore high, until then.
struct Calibration: Sendable {
    /// So many replies replace what was believed beforehand.
    static var repliesToTrust: Int { 5 }

    /// How many standard deviations a bound lies above the fit: of 1,000 prompts less than one is beyond, and of none the overhead too.
    private static var deviations: Double { 3.3 }
    /// The share of what is known that each reply leaves: some 64 replies count.
    private static var memory: Double { 1 - 1.0 / 64 }
    /// How much the rates of prompts are believed to differ, as long as reports tell nothing else.
    private static var spread: Double { 0.05 }
    /// How many tokens reports may differ from the line whatever the prompt's length.
    private static var jitter: Double { 10 }
    private static var overheadDeviation: Double { 500 }
    private static var rateDeviation: Double { 0.4 }

    private let believedRate: Double
    // The weighted sums of the fit.
    private var weights = 0.0
    private var counted = 0.0
    private var countedSquares = 0.0
    private var reported = 0.0
    private var products = 0.0
    /// The mean square of how far reports were from the fit before them, in units of what was believed; it starts at what was.
    private var surprise = 1.0
    private(set) var replies = 0

    init(believedRate: Double) { self.believedRate = believedRate }

    /// Whether a prompt can have so many tokens; beyond, sums would overflow.
    static func canBeTrue(_ tokens: Int) -> Bool { (1..<1 << 40).contains(tokens) }

    /// Takes a report in. One that cannot be true is left out.
    mutating func learn(counted prompt: Int, reported answer: Int) {
        guard Self.canBeTrue(prompt), Self.canBeTrue(answer) else { return }
        let (count, total) = (Double(prompt), Double(answer))
        let weight = 1 / (Self.spread * Self.spread * count * count + Self.jitter * Self.jitter)
        if replies >= 3 {
            let line = fit
            let distance = total - line.overhead - line.rate * count
            surprise += (distance * distance * weight - surprise) / 16
        }
        weights = weights * Self.memory + weight
        counted = counted * Self.memory + weight * count
        countedSquares = countedSquares * Self.memory + weight * count * count
        reported = reported * Self.memory + weight * total
        products = products * Self.memory + weight * count * total
        replies += 1
    }

    /// The rate that hardly any prompt exceeds.
    var highRate: Double {
        let line = fit
        let noise = max(surprise, 0.04)
        return line.rate + Self.deviations * ((line.rateVariance + Self.spread * Self.spread) * noise).squareRoot()
    }

    /// The rate that hardly any doubt puts lower.
    var lowRate: Double {
        let line = fit
        return line.rate - Self.deviations * (line.rateVariance * max(surprise, 1)).squareRoot()
    }

    /// The overhead that hardly any prompt exceeds.
    var highOverhead: Double {
        let line = fit
        return line.overhead + Self.deviations * (line.overheadVariance * max(surprise, 0.04)).squareRoot()
    }

    private struct Fit {
        let overhead: Double
        let rate: Double
        let overheadVariance: Double
        let rateVariance: Double
    }

    /// The most likely line, given the reports and what was believed.
    private var fit: Fit {
        let a = weights + 1 / (Self.overheadDeviation * Self.overheadDeviation)
        let c = countedSquares + 1 / (Self.rateDeviation * Self.rateDeviation)
        let y = products + believedRate / (Self.rateDeviation * Self.rateDeviation)
        let determinant = a * c - counted * counted
        let overhead = (c * reported - counted * y) / determinant
        // No overhead is negative: the line through zero that fits best stands in.
        guard overhead > 0 else {
            return Fit(overhead: 0, rate: y / c, overheadVariance: c / determinant, rateVariance: 1 / c)
        }
        return Fit(
            overhead: overhead, rate: (a * y - counted * reported) / determinant, overheadVariance: c / determinant,
            rateVariance: a / determinant)
    }
}
