import BotCore
import Testing

struct FileKindTests {
    @Test(
        "T42: what can be read is known by type, and by name where the type is a guess",
        arguments: [
            ("image/jpeg", nil, .image), ("image/heic", "a.heic", .image), ("IMAGE/PNG", "x.txt", .image),
            ("image/svg+xml", "a.svg", .text), ("text/plain; charset=utf-8", nil, .text), ("text/csv", "a", .text),
            ("application/json", nil, .text), ("application/geo+json", nil, .text), ("video/mp2t", "main.ts", .text),
            ("application/octet-stream", "Main.SWIFT", .text), (nil, "Dockerfile", .text), (nil, "a.b.yml", .text),
            (nil, "photo.JPG", .image), ("application/octet-stream", "x.png", .image),
        ] as [(String?, String?, FileKind)])
    func knows(type: String?, name: String?, kind: FileKind) { #expect(FileKind(mediaType: type, name: name) == kind) }

    @Test(
        "T42: everything else cannot be read",
        arguments: [
            ("application/pdf", "a.pdf"), ("audio/ogg", nil), ("video/mp4", "a.mp4"), (nil, nil), (nil, "noending"),
            ("application/zip", "x.zip"), ("audio/mpeg", "x.png"), ("", "."), ("application/vnd.ms-excel", "a.xls"),
        ] as [(String?, String?)])
    func refuses(type: String?, name: String?) { #expect(FileKind(mediaType: type, name: name) == nil) }

    @Test(
        "A file that cannot be read is named by its ending",
        arguments: [
            ("Report.pdf", "PDF file"), ("x.7z", "7Z file"), (nil, "file"), ("noending", "file"), ("a.", "file"),
            ("a.<script>", "file"), ("a.verylongending", "file"),
        ] as [(String?, String)])
    func names(name: String?, words: String) { #expect(FileKind.words(for: name) == words) }
}
