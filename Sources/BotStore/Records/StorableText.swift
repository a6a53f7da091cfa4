extension String {
    /// The text as SQLite keeps it: the character U+0000, at which SQLite's C interface would end the text, becomes U+FFFD.
    var storable: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}
