import BotCore

/// Counts somewhat as tokenizers do: four letters or digits of a word are one, and so is a byte of anything else. Quick enough for a million
/// histories.
struct PieceCounter: TokenCounter {
    var name: String { "pieces" }

    func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var tokens = 0
            var word = 0
            for byte in bytes {
                if (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 {
                    if word & 3 == 0 { tokens += 1 }
                    word += 1
                } else {
                    word = 0
                    tokens += 1
                }
            }
            return tokens
        }
    }
}
