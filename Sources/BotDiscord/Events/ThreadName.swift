/// What a thread that the bot opens is called.
enum ThreadName {
    /// Discord takes 100 characters; a list of threads shows fewer.
    private static let longest = 60

    /// The beginning of the question's first line that says something, at the end of a word.
    static func of(_ question: String) -> String {
        let line = question.split(whereSeparator: \.isNewline).map(\.trimmed).first { $0.contains(where: \.isLetter) }
        guard let line else { return "Answer" }
        if line.unicodeScalars.count <= longest { return line }
        var words = ""
        for word in line.split(separator: " ") {
            if words.unicodeScalars.count + word.unicodeScalars.count >= longest { break }
            words += words.isEmpty ? String(word) : " \(word)"
        }
        if words.isEmpty { words = String(String.UnicodeScalarView(line.unicodeScalars.prefix(longest))) }
        return words + "…"
    }
}
