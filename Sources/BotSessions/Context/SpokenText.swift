import BotCore

/// How a message of a shared chat is shown to the model: `Name: text`.
///
/// Each further line of the text is indented by two spaces, so only a line that begins at the margin begins a message, and
/// nobody can put words into another's mouth by writing a line `Bob: ...`. A name holds no colon for the same reason.
enum SpokenText {
    private static let indent = "\n  "

    /// What stands before the text.
    static func opening(of speaker: String) -> String {
        let name = DisplayName.cleaned(String(speaker.map { $0 == ":" || $0 == "：" ? " " : $0 }))
        return (name.isEmpty ? "Somebody" : name) + ": "
    }

    /// The text of a message behind the opening of its speaker.
    static func of(_ text: String, opening: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var lines: [Range<Int>] = []
            var start = 0
            var place = 0
            while place < bytes.count {
                let length = lineEnd(in: bytes, at: place)
                guard length > 0 else {
                    place += 1
                    continue
                }
                lines.append(start..<place)
                place += length
                start = place
            }
            var spoken = opening
            spoken.reserveCapacity(opening.utf8.count + bytes.count + indent.utf8.count * lines.count)
            for line in lines {
                spoken += String(decoding: bytes[line], as: UTF8.self)
                spoken += indent
            }
            return spoken + String(decoding: bytes[start...], as: UTF8.self)
        }
    }

    /// How many bytes end a line here; 0 for none. All that Unicode takes for the end of a line counts.
    private static func lineEnd(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
        func next(_ distance: Int) -> UInt8? { place + distance < bytes.count ? bytes[place + distance] : nil }
        switch bytes[place] {
        case 0x0D: return next(1) == 0x0A ? 2 : 1
        case 0x0A...0x0C: return 1
        case 0xC2: return next(1) == 0x85 ? 2 : 0  // next line
        case 0xE2: return next(1) == 0x80 && (next(2) == 0xA8 || next(2) == 0xA9) ? 3 : 0  // line, paragraph separator
        default: return 0
        }
    }
}
