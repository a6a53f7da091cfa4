import Testing

@testable import BotTelegram

struct FilePathTests {
    @Test(
        "S9: only a plain relative path becomes part of the address",
        arguments: [
            ("photos/file_1.jpg", "photos/file_1.jpg"), ("documents/file_22", "documents/file_22"),
            ("documents/my notes.txt", "documents/my%20notes.txt"), ("a/ü", "a/%C3%BC"),
            ("a/b?x=1#y", "a/b%3Fx%3D1%23y"), ("a/%2e%2e/b", "a/%252e%252e/b"), ("a:b@c/d", "a%3Ab%40c/d"),
            ("...", "..."),
        ])
    func encodes(path: String, encoded: String) { #expect(FilePath(path)?.encoded == encoded) }

    @Test(
        "S9: nothing that leads up or away is a path",
        arguments: [
            "", "/", "/var/lib/telegram-bot-api/photos/file_1.jpg", "../secret", "a/../b", "a/./b", "a//b", "a/", "..",
            "https://example.com/x", "file:///etc/passwd", "//example.com/x", "a\\..\\b", "a\r\nHost: x", "a\u{0}b",
            String(repeating: "a", count: 1025),
        ])
    func refuses(path: String) { #expect(FilePath(path) == nil) }
}
