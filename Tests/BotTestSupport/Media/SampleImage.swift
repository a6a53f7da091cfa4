/// Beginnings of pictures, with everything that a reader of their sizes needs and nothing to see.
package enum SampleImage {
    package static func png(width: Int, height: Int) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + big(4, width)
            + big(4, height) + [8, 2, 0, 0, 0]
    }

    package static func gif(width: Int, height: Int) -> [UInt8] {
        Array("GIF89a".utf8) + little(2, width) + little(2, height) + [0, 0, 0]
    }

    /// - Parameters:
    ///   - marker: what begins the frame; 0xC0 is a baseline picture, 0xC2 a progressive one.
    ///   - before: how many bytes of other data come before the frame.
    package static func jpeg(width: Int, height: Int, marker: UInt8 = 0xC0, before: Int = 7) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE1] + big(2, before + 2) + [UInt8](repeating: 0xC0, count: before)
            + [0xFF, 0xFF, 0xD0, 0xFF, marker, 0, 17, 8] + big(2, height) + big(2, width) + [3, 0xFF, 0xDA]
    }

    package static func lossyWebP(width: Int, height: Int) -> [UInt8] {
        webP("VP8 ", [0x10, 0, 0, 0x9D, 0x01, 0x2A] + little(2, width | 0x4000) + little(2, height | 0x8000))
    }

    package static func losslessWebP(width: Int, height: Int) -> [UInt8] {
        webP("VP8L", [0x2F] + little(4, (width - 1) | (height - 1) << 14))
    }

    package static func extendedWebP(width: Int, height: Int) -> [UInt8] {
        webP("VP8X", [0, 0, 0, 0] + little(3, width - 1) + little(3, height - 1))
    }

    private static func webP(_ kind: String, _ content: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + little(4, content.count + 12) + Array("WEBP".utf8) + Array(kind.utf8)
            + little(4, content.count) + content
    }

    private static func big(_ count: Int, _ number: Int) -> [UInt8] { little(count, number).reversed() }

    private static func little(_ count: Int, _ number: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
