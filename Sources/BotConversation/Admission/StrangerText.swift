import BotCore

/// Shows what strangers have written to those who decide about them: as words that can pretend nothing. Pure.
///
/// Letters, digits and a few marks are all that is left: no links, no mentions, no commands, no formatting, no line breaks, nothing invisible and
/// nothing that turns the direction of writing. What is left stands between quotation marks, which it cannot hold, on a line of its own.
enum StrangerText {
    /// The longest name and the longest quotation, in scalars.
    static let nameLimit = 40
    static let wordsLimit = 200

    /// Marks that a letter may carry.
    private static let mostMarks = 4

    static func name(_ name: String) -> String {
        let words = cleaned(name, limit: nameLimit)
        return words.isEmpty ? "somebody without a name" : "“\(words)”"
    }

    /// What of a text is shown; empty where nothing is left.
    static func cleaned(_ text: String, limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var (marks, needsSpace) = (0, false)
        for scalar in text.unicodeScalars {
            switch kind(of: scalar) {
            case .plain: marks = 0
            case .mark where marks < mostMarks && !scalars.isEmpty && !needsSpace: marks += 1
            case .mark: continue
            case .nothing:
                needsSpace = !scalars.isEmpty
                continue
            case .invisible: continue
            }
            if scalars.count + (needsSpace ? 2 : 1) > limit {
                scalars.append("…")
                break
            }
            if needsSpace { scalars.append(" ") }
            needsSpace = false
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private enum Kind { case plain, mark, nothing, invisible }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        // Letters among them that show nothing: Hangul fillers and the like.
        if scalar.properties.isDefaultIgnorableCodePoint { return .invisible }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return .plain
        case .nonspacingMark, .spacingMark: return .mark
        default: return "'’,;!?-".unicodeScalars.contains(scalar) ? .plain : .nothing
        }
    }
}
