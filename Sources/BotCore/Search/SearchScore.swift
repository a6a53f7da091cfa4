/// Weighs what a search found, in every store alike: a message counts for each term that it holds, and for a rare term more than for a
/// common one. How rare a term is depends on the searched chat alone, so that no other chat has a part in the result.
package struct SearchScore: Sendable {
    /// The most terms of one search; those behind are left out.
    package static let mostTerms = 32
    /// Of a term that more messages hold, only the newest count: they bound the work.
    package static let mostFound = 2000

    private let numbers: Range<Int64>
    /// What was found, the newest first, each message once.
    private var scores: [SearchHit] = []

    /// - Parameter numbers: the numbers of the messages that are searched.
    package init(searching numbers: Range<Int64>) { self.numbers = numbers }

    /// Takes in what one term found.
    ///
    /// - Parameter found: the numbers of the messages that hold it, the newest first, at most `mostFound`.
    package mutating func add(_ found: [Int64]) {
        guard let oldest = found.last, !numbers.isEmpty else { return }
        var count = Double(found.count)
        if found.count >= Self.mostFound {
            // There are more: as many, it is supposed, in what lies before as in what was read.
            count *= Double(numbers.count) / Double(max(1, numbers.upperBound - oldest))
        }
        let all = Double(numbers.count)
        // The weight of a term in BM25, which is above 0 even for a term that every message holds.
        let weight = Self.logarithm(1 + (max(all, count) - count + 0.5) / (count + 0.5))
        merge(found, weight)
    }

    private mutating func merge(_ found: [Int64], _ weight: Double) {
        var merged: [SearchHit] = []
        merged.reserveCapacity(scores.count + found.count)
        var known = 0
        for number in found {
            while known < scores.count, scores[known].seq > number {
                merged.append(scores[known])
                known += 1
            }
            var score = weight
            if known < scores.count, scores[known].seq == number {
                score += scores[known].score
                known += 1
            }
            merged.append(SearchHit(seq: number, score: score))
        }
        merged += scores[known...]
        scores = merged
    }

    /// The best of all, and of those that are as good the newest, first.
    package func best(_ limit: Int, where isShown: (Int64) -> Bool = { _ in true }) -> [SearchHit] {
        guard limit > 0 else { return [] }
        var best: [SearchHit] = []
        // Of equals the newer one comes first here, and so it stays.
        for hit in scores where best.count < limit || hit.score > best[limit - 1].score {
            guard isShown(hit.seq) else { continue }
            if best.count == limit { best.removeLast() }
            var place = best.count
            while place > 0, best[place - 1].score < hit.score { place -= 1 }
            best.insert(hit, at: place)
        }
        return best
    }

    /// The natural logarithm of a number of at least 1, exact enough for weights, without a mathematics library.
    private static func logarithm(_ number: Double) -> Double {
        let fraction = (number.significand - 1) / (number.significand + 1)
        let square = fraction * fraction
        let series = 2 * fraction * (1 + square / 3 + square * square / 5 + square * square * square / 7)
        return Double(number.exponent) * 0.693_147_180_559_945_3 + series
    }
}
