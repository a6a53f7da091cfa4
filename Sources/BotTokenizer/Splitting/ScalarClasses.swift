import CVocabulary

/// What a scalar counts as when a text is split.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// Upper-case and title-case letters.
    static var upper: Self { Self(rawValue: 1) }
    static var lower: Self { Self(rawValue: 2) }
    /// Letters without case.
    static var caseless: Self { Self(rawValue: 4) }
    static var mark: Self { Self(rawValue: 8) }
    static var number: Self { Self(rawValue: 16) }
    /// White space but line ends.
    static var space: Self { Self(rawValue: 32) }
    static var lineEnd: Self { Self(rawValue: 64) }
    static var other: Self { Self(rawValue: 128) }

    static var letter: Self { [.upper, .lower, .caseless] }
    static var whiteSpace: Self { [.space, .lineEnd] }

    /// Whether the scalar is of one of these classes.
    @inline(__always)
    func isOne(of classes: Self) -> Bool { rawValue & classes.rawValue != 0 }
}

/// The class of each Unicode scalar, of the Unicode version that the reference splits by.
struct ScalarClasses: Sendable {
    private static var indexCount: Int { 0x110000 >> 8 }

    /// The page of each 256 scalars, and then the pages.
    private let table: [UInt8]

    init() { table = Array(embedded: vocabulary_scalar_classes()) }

    /// The class and the length in bytes of the scalar that begins at the place. The text is valid UTF-8.
    @inline(__always)
    func scalar(_ text: Span<UInt8>, at place: Int) -> (is: ScalarClass, length: Int) {
        let lead = text[place]
        // Page 0 is the first one.
        if lead < 0x80 { return (ScalarClass(rawValue: table[Self.indexCount &+ Int(lead)]), 1) }
        let (value, length) = Self.decode(text, at: place, lead: Int(lead))
        let page = Int(table[value &>> 8])
        return (ScalarClass(rawValue: table[Self.indexCount &+ page &<< 8 &+ value & 0xFF]), length)
    }

    @inline(__always)
    private static func decode(_ text: Span<UInt8>, at place: Int, lead: Int) -> (value: Int, length: Int) {
        let second = Int(text[place + 1]) & 0x3F
        if lead < 0xE0 { return ((lead & 0x1F) &<< 6 | second, 2) }
        let third = Int(text[place + 2]) & 0x3F
        if lead < 0xF0 { return ((lead & 0x0F) &<< 12 | second &<< 6 | third, 3) }
        return ((lead & 0x07) &<< 18 | second &<< 12 | third &<< 6 | Int(text[place + 3]) & 0x3F, 4)
    }
}
