/// Finds the known key that a misspelt one was probably meant to be.
enum NearestKey {
    /// The nearest known key; nil when none is near.
    static func to(_ path: String) -> String? {
        let ranked = ConfigurationTable.keys.map { (path: $0.path, distance: distance(Array(path), Array($0.path))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, path.count / 3) ? best.path : nil
    }

    /// The Levenshtein distance, ignoring case.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substitution = diagonal + (a.lowercased() == b.lowercased() ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
