/// Puts a text together and counts its UTF-16 code units.
struct TextWriter {
    private(set) var text = String.UnicodeScalarView()
    private(set) var length = 0
    private var endsInMark = false

    /// Of several direction marks in a row only the first is written: Telegram turns all but one into something else.
    mutating func append(_ scalar: Unicode.Scalar) {
        let isMark = scalar == "\u{200E}" || scalar == "\u{200F}"
        defer { endsInMark = isMark }
        if isMark && endsInMark { return }
        text.append(scalar)
        length += scalar.value > 0xFFFF ? 2 : 1
    }

    mutating func append(_ string: String) {
        for scalar in string.unicodeScalars { append(scalar) }
    }

    /// Adds spaces.
    mutating func pad(_ count: Int) {
        for _ in 0..<max(count, 0) { append(" ") }
    }
}
