import BotCore

/// The code that makes the first person who sends it an owner, or that lets people in who were invited: 130 random bits in a form that fits Telegram's start
/// parameter (Bot API, "Deep Linking": `A-Z a-z 0-9 _ -`, up to 64) and can be typed.
enum PairingCode {
    /// How long a code is valid.
    static let lifetime = Duration.seconds(3600)
    /// How long an invite is valid.
    static let inviteLifetime = Duration.seconds(7 * 86_400)
    /// How many invites are valid at a time.
    static let mostInvites = 50
    /// How many wrong codes a person may send.
    static let tries = 5

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")

    /// Makes a new code: 26 characters of 5 bits each, the alphabet of RFC 4648 section 6 in lower case.
    static func make(using generator: inout some RandomNumberGenerator) -> String {
        String((0..<26).map { _ in alphabet[Int(generator.next() & 31 as UInt64)] })
    }

    /// A text in which dots stand for each code, where it is told how to use it: a long word may look like one.
    static func masked(in text: String) -> String { text.replacing(/(start[= ])[a-z2-7]{26}\b/) { "\($0.1)…" } }

    /// What is stored of a code. With 130 random bits in it a plain hash cannot be searched, so it needs no salt.
    static func hash(of code: some StringProtocol) -> [UInt8] { SHA256.digest(of: Array(code.lowercased().utf8)) }
}
