import BotCore

/// Counts somewhat as tokenizers do: four letters or digits of a word are one, and so are two bytes of anything else. Quick enough for a
/// million histories.
struct PieceCounter: TokenCounter {
    var name: String { "pieces" }

    func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var (quarters, halves) = (0, 0)
            var word = 0
            for byte in bytes {
                if (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 {
                    if word & 3 == 0 { quarters += 1 }
                    word += 1
                } else {
                    word = 0
                    halves += 1
                }
            }
            return quarters + (halves + 1) / 2
        }
    }
}
