extension KeyedDecodingContainer {
    /// The value of a key, or nil when it is missing, null or of another type: servers leave out, add and misspell much.
    func lenient<Value: Decodable>(_ key: Key) -> Value? {
        // What cannot be read counts as not there.
        try? decodeIfPresent(Value.self, forKey: key)
    }
}
