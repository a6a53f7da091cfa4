extension KeyedDecodingContainer {
    /// The value of a key, or nil when it is missing, null or of another type: servers leave out, add and misspell much.
    func lenient<Value: Decodable>(_ key: Key) -> Value? {
        // What cannot be read counts as not there.
        try? decodeIfPresent(Value.self, forKey: key)
    }

    /// A number of tokens, or nil where there is none that can be true: sums of such numbers never overflow.
    func tokens(_ key: Key) -> Int? {
        let number: Int? = lenient(key)
        return number.flatMap { (0..<1 << 40).contains($0) ? $0 : nil }
    }
}
