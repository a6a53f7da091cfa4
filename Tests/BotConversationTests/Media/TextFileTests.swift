import Testing

@testable import BotConversation

struct TextFileTests {
    @Test(
        "UTF-8 and marked UTF-16 are read",
        arguments: [
            (Array("plain\nwords".utf8), "plain\nwords"), ([], ""), ([0xEF, 0xBB, 0xBF] + Array("ü 🎈".utf8), "ü 🎈"),
            ([0xFF, 0xFE, 0x61, 0x00, 0x3C, 0xD8, 0x88, 0xDF], "a🎈"),
            ([0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x3C, 0xDF, 0x88], "a🎈"),
        ] as [([UInt8], String)])
    func reads(bytes: [UInt8], text: String) { #expect(TextFile.text(of: bytes) == text) }

    @Test(
        "What is no text is not shown as one",
        arguments: [
            [0xFF], [0xC3, 0x28], [0x61, 0x00, 0x62], Array("%PDF-1.7\n".utf8) + [0xE2, 0xE3, 0xCF, 0xD3],
            [0xFF, 0xFE, 0x61], [0xFF, 0xFE, 0x3D, 0xD8, 0x61, 0x00], [0xFF, 0xFE, 0x00, 0x00, 0x61, 0, 0, 0],
            [0xED, 0xA0, 0x80],
        ] as [[UInt8]])
    func refuses(bytes: [UInt8]) { #expect(TextFile.text(of: bytes) == nil) }
}
