/// Takes from a text what shows nothing or could make it look like another: controls, and the marks that turn the direction of what
/// follows. Line ends become `\n`, tabs spaces.
enum TextCleaner {
    static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isAfterReturn = false
        var column = 0
        for scalar in text.unicodeScalars {
            defer { isAfterReturn = scalar == "\r" }
            switch scalar.value {
            case 0x0A where isAfterReturn: continue
            case 0x0A, 0x0D, 0x2028, 0x2029:
                result.append("\n")
                column = 0
            case 0x09:
                let spaces = 4 - column % 4
                result.append(contentsOf: repeatElement(" ", count: spaces))
                column += spaces
            // Controls, overrides and isolates of direction.
            case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: continue
            default:
                result.append(scalar)
                column += 1
            }
        }
        return String(result)
    }
}
