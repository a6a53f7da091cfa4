/// Breaks words of a model's text that would ping everybody or a role. The requests forbid pings as well; this is the second
/// lock on that door.
enum MentionGuard {
    private static let pings = ["@everyone", "@here", "<@&"]

    /// The line with an invisible space inside each such word that is not code.
    static func neutralised(_ line: String) -> String {
        guard line.contains("@") else { return line }
        var result = ""
        var rest = line[...]
        while let tick = rest.firstIndex(of: "`") {
            result += broken(rest[..<tick])
            let run = rest[tick...].prefix(while: { $0 == "`" })
            guard let end = closing(run, in: rest[run.endIndex...]) else {
                result += run
                rest = rest[run.endIndex...]
                continue
            }
            result += rest[tick..<end]
            rest = rest[end...]
        }
        return result + broken(rest)
    }

    /// The end of the run of backticks that closes this one.
    private static func closing(_ run: Substring, in text: Substring) -> Substring.Index? {
        var rest = text
        while let tick = rest.firstIndex(of: "`") {
            let other = rest[tick...].prefix(while: { $0 == "`" })
            if other.count == run.count { return other.endIndex }
            rest = rest[other.endIndex...]
        }
        return nil
    }

    private static func broken(_ text: Substring) -> String {
        pings.reduce(String(text)) { text, ping in
            guard let at = ping.firstIndex(of: "@") else { return text }
            let after = ping.index(after: at)
            return text.replacing(ping, with: "\(ping[..<after])\u{200B}\(ping[after...])")
        }
    }
}
