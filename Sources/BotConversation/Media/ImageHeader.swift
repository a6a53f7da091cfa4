/// What the first bytes of a picture tell: its format, whatever its sender says, and its size. Nothing is decoded.
struct ImageHeader: Sendable, Equatable {
    /// The formats that vendors' models take.
    enum Format: String, Sendable, CaseIterable {
        case jpeg, png, gif, webp

        var mediaType: String { "image/\(rawValue)" }
    }

    let format: Format
    /// In pixels, from 1.
    let width: Int
    let height: Int

    init(format: Format, width: Int, height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }

    /// Nil when the bytes are none of these formats, or end before they tell a size.
    init?(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes: bytes)
        guard let read = Self.png(reader) ?? Self.gif(reader) ?? Self.webp(reader) ?? Self.jpeg(reader),
            read.width > 0, read.height > 0
        else { return nil }
        self = read
    }

    /// "PNG (Portable Network Graphics) Specification", 5.2 and 11.2.2.
    private static func png(_ bytes: ByteReader) -> ImageHeader? {
        guard bytes.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0), bytes.has("IHDR", at: 12),
            let width = bytes.big(4, at: 16), let height = bytes.big(4, at: 20)
        else { return nil }
        return ImageHeader(format: .png, width: width, height: height)
    }

    /// "Graphics Interchange Format, Version 89a", 17 and 18.
    private static func gif(_ bytes: ByteReader) -> ImageHeader? {
        guard bytes.has("GIF87a", at: 0) || bytes.has("GIF89a", at: 0),
            let width = bytes.little(2, at: 6), let height = bytes.little(2, at: 8)
        else { return nil }
        return ImageHeader(format: .gif, width: width, height: height)
    }

    /// "WebP Container Specification", and RFC 6386, section 9.1, for what a lossy one holds.
    private static func webp(_ bytes: ByteReader) -> ImageHeader? {
        guard bytes.has("RIFF", at: 0), bytes.has("WEBP", at: 8) else { return nil }
        if bytes.has("VP8 ", at: 12), bytes.has([0x9D, 0x01, 0x2A], at: 23),
            let width = bytes.little(2, at: 26), let height = bytes.little(2, at: 28)
        {
            // The two highest bits say how to scale it.
            return ImageHeader(format: .webp, width: width & 0x3FFF, height: height & 0x3FFF)
        }
        if bytes.has("VP8L", at: 12), bytes.has([0x2F], at: 20), let packed = bytes.little(4, at: 21) {
            return ImageHeader(format: .webp, width: (packed & 0x3FFF) + 1, height: (packed >> 14 & 0x3FFF) + 1)
        }
        if bytes.has("VP8X", at: 12), let width = bytes.little(3, at: 24), let height = bytes.little(3, at: 27) {
            return ImageHeader(format: .webp, width: width + 1, height: height + 1)
        }
        return nil
    }

    /// ITU-T T.81, Annex B: segments until the one that begins a frame.
    private static func jpeg(_ bytes: ByteReader) -> ImageHeader? {
        guard bytes.has([0xFF, 0xD8], at: 0) else { return nil }
        var place = 2
        while let first = bytes.big(1, at: place), first == 0xFF, let marker = bytes.big(1, at: place + 1) {
            switch marker {
            case 0xFF: place += 1  // fill bytes
            case 0x01, 0xD0...0xD7: place += 2  // markers without a segment
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard let height = bytes.big(2, at: place + 5), let width = bytes.big(2, at: place + 7) else {
                    return nil
                }
                return ImageHeader(format: .jpeg, width: width, height: height)
            case 0xD9, 0xDA: return nil  // the picture's data, or its end, and no frame before it
            default:
                guard let length = bytes.big(2, at: place + 2), length >= 2 else { return nil }
                place += 2 + length
            }
        }
        return nil
    }
}

/// Reads numbers at places that may lie outside.
private struct ByteReader {
    let bytes: [UInt8]

    func has(_ expected: [UInt8], at place: Int) -> Bool {
        place + expected.count <= bytes.count && bytes[place..<(place + expected.count)].elementsEqual(expected)
    }

    func has(_ expected: String, at place: Int) -> Bool { has(Array(expected.utf8), at: place) }

    func big(_ count: Int, at place: Int) -> Int? {
        guard place + count <= bytes.count else { return nil }
        return bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ count: Int, at place: Int) -> Int? {
        guard place + count <= bytes.count else { return nil }
        return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
