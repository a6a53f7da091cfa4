package import BotCore

/// What models cost, by the beginnings of their names. Pure.
package struct PriceTable: Sendable, Equatable {
    /// The price of a million tokens, in millionths of a US dollar.
    package struct Price: Sendable, Equatable {
        package let prompt: Int
        /// Of tokens of the prompt that came from the provider's cache.
        package let cached: Int
        package let completion: Int

        package init(prompt: Int, cached: Int, completion: Int) {
            self.prompt = prompt
            self.cached = cached
            self.completion = completion
        }
    }

    private var prices: [String: Price]

    package init(_ prices: [String: Price] = [:]) { self.prices = prices }

    /// The table with other prices beside its own, or in their place.
    package func replacing(_ others: PriceTable) -> PriceTable {
        PriceTable(prices.merging(others.prices) { $1 })
    }

    package var isEmpty: Bool { prices.isEmpty }

    /// The price of a model, as `openai/gpt-5-mini` or without its provider's or maker's name: that of the longest beginning which fits.
    package func price(of model: String) -> Price? {
        let name = model.lowercased()
        var rest = name[...]
        while true {
            let fitting = prices.keys.filter { Self.fits(rest, beginning: $0) }
            if let best = fitting.max(by: { $0.utf8.count < $1.utf8.count }) { return prices[best] }
            guard let slash = rest.firstIndex(of: "/") else { return nil }
            rest = rest[rest.index(after: slash)...]
        }
    }

    /// What tokens of a model cost, in millionths of a US dollar, rounded up; 0 where it has no price.
    package func cost(of tokens: TokenUsage, model: String) -> Int {
        guard let price = price(of: model) else { return 0 }
        let cached = min(Self.bounded(tokens.cachedTokens), Self.bounded(tokens.promptTokens))
        let sum =
            (Self.bounded(tokens.promptTokens) - cached) * price.prompt + cached * price.cached
            + Self.bounded(tokens.completionTokens) * price.completion
        return (sum + 999_999) / 1_000_000
    }

    /// A name fits its own model and its dated versions, as `gpt-4o` does `gpt-4o-2024-08-06`; with a star behind it, all that begin so.
    private static func fits(_ name: Substring, beginning: String) -> Bool {
        if beginning.last == "*" { return name.hasPrefix(beginning.dropLast()) }
        guard name.hasPrefix(beginning) else { return false }
        let rest = name.dropFirst(beginning.count)
        return rest.isEmpty || rest == "-latest"
            || rest.prefix(1) == "-" && rest.dropFirst().prefix { $0.isNumber }.count >= 4
    }

    /// No call has more tokens, whatever a server reports: with prices of at most 10,000 dollars a million no product overflows.
    private static func bounded(_ tokens: Int) -> Int { min(max(0, tokens), 100_000_000) }
}

extension PriceTable {
    /// Reads `gpt-5-mini=0.25/0.025/2`: a million tokens of prompts, of prompts from the cache and of answers, in US dollars. Without the
    /// middle one, tokens from the cache cost as others do. Nil for any other text.
    package static func line(_ text: String) -> (name: String, price: Price)? {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let name = parts[0].filter { !$0.isWhitespace }.lowercased()
        let numbers = parts[1].split(separator: "/", omittingEmptySubsequences: false).map { Money.millionths($0) }
        guard !name.isEmpty, numbers.count == 2 || numbers.count == 3 else { return nil }
        let known = numbers.compactMap { $0 }.filter { $0 <= 10_000_000_000 }
        guard known.count == numbers.count, let prompt = known.first, let completion = known.last else { return nil }
        return (name, Price(prompt: prompt, cached: known.count == 3 ? known[1] : prompt, completion: completion))
    }

    /// Reads lines of this form; what is none is left out.
    package init(lines: [String]) {
        self.init(Dictionary(lines.compactMap { Self.line($0) }.map { ($0.name, $0.price) }) { $1 })
    }
}

/// Sums of money, as millionths of a US dollar.
package enum Money {
    /// Reads a decimal number, as `2.50`: at most six digits behind the point, and below a billion. Nil for any other text.
    package static func millionths(_ text: some StringProtocol) -> Int? {
        let trimmed = String(text.filter { !$0.isWhitespace })
        let parts = trimmed.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = number(parts[0], digits: 1...9) else { return nil }
        guard parts.count == 2 else { return whole * 1_000_000 }
        guard let rest = number(parts[1], digits: 1...6) else { return nil }
        let scale = (parts[1].count..<6).reduce(1) { product, _ in product * 10 }
        return whole * 1_000_000 + rest * scale
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    /// As `$12.34`, or `$0.0012` for what is less than a cent; never less than it is.
    package static func text(_ millionths: Int) -> String {
        let (digits, step) = millionths >= 10_000 || millionths == 0 ? (2, 10_000) : (4, 100)
        let rounded = (max(0, millionths) + step - 1) / step
        let scale = 1_000_000 / step
        let rest = String(rounded % scale)
        return "$\(rounded / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}
