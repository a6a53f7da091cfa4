import BotTestSupport
import Testing

@testable import BotConversation

struct ImageHeaderTests {
    @Test(
        "S10: format and size are read from the bytes",
        arguments: [
            (SampleImage.png(width: 640, height: 70_000), ImageHeader(format: .png, width: 640, height: 70_000)),
            (SampleImage.gif(width: 3, height: 65_535), ImageHeader(format: .gif, width: 3, height: 65_535)),
            (SampleImage.jpeg(width: 1280, height: 720), ImageHeader(format: .jpeg, width: 1280, height: 720)),
            (
                SampleImage.jpeg(width: 9, height: 8, marker: 0xC2, before: 40_000),
                ImageHeader(format: .jpeg, width: 9, height: 8)
            ),
            (SampleImage.lossyWebP(width: 800, height: 601), ImageHeader(format: .webp, width: 800, height: 601)),
            (SampleImage.losslessWebP(width: 16_384, height: 1), ImageHeader(format: .webp, width: 16_384, height: 1)),
            (
                SampleImage.extendedWebP(width: 70_001, height: 70_002),
                ImageHeader(format: .webp, width: 70_001, height: 70_002)
            ),
        ])
    func reads(bytes: [UInt8], header: ImageHeader) { #expect(ImageHeader(bytes) == header) }

    @Test(
        "A picture that ends anywhere before its size is none",
        arguments: [
            (SampleImage.png(width: 5, height: 5), 24), (SampleImage.gif(width: 5, height: 5), 10),
            (SampleImage.jpeg(width: 5, height: 5), 25), (SampleImage.lossyWebP(width: 5, height: 5), 30),
            (SampleImage.losslessWebP(width: 5, height: 5), 25), (SampleImage.extendedWebP(width: 5, height: 5), 30),
        ])
    func survivesCuts(bytes: [UInt8], needed: Int) {
        #expect(ImageHeader(Array(bytes.prefix(needed))) != nil)
        for length in 0..<needed { #expect(ImageHeader(Array(bytes.prefix(length))) == nil, "cut at \(length)") }
    }

    @Test(
        "What is no picture is none",
        arguments: [
            [], Array("just words".utf8), Array("%PDF-1.7".utf8), Array("<svg width='5' height='5'/>".utf8),
            Array("RIFF\u{0}\u{0}\u{0}\u{0}WAVEfmt 0123456789012345".utf8), [0xFF, 0xD8, 0xFF, 0xD9],
            [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x01, 0xFF, 0xC0], SampleImage.png(width: 0, height: 7),
            SampleImage.jpeg(width: 7, height: 0),
        ] as [[UInt8]])
    func refuses(bytes: [UInt8]) { #expect(ImageHeader(bytes) == nil) }

    @Test(
        "What a picture is counted as is no less than any vendor was seen to count",
        arguments: [
            (256, 256, 1090), (1024, 1024, 1446), (1280, 720, 1273), (1920, 1080, 2768), (2560, 1440, 4320),
            (3840, 2160, 9792), (4032, 3024, 14_364),
        ])
    func boundsTokens(width: Int, height: Int, seen: Int) {
        #expect(ImageTokens.bound(width: width, height: height) >= seen)
    }
}
