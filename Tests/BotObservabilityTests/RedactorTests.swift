import BotCore
import BotObservability
import Testing

struct RedactorTests {
    private static let telegram = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    private static let discord = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
    private static let odd = "p\"a/s\\s ü&1"
    private let redactor = Redactor(
        secrets: [telegram, discord, odd, "sk-ant-1234567890", "abc"].compactMap(Secret.init))

    @Test(arguments: [
        // Configured secrets, wherever they stand.
        ("token \(telegram)!", "token <redacted>!"),
        ("\(discord)\(discord)", "<redacted><redacted>"),
        ("x-sk-ant-1234567890-y", "x-<redacted>-y"),
        ("AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "<redacted>"),
        ("110201543%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "<redacted>"),
        ("110201543%3aAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "<redacted>"),
        // A secret that quotes, escapes and encodings would split.
        (odd, "<redacted>"),
        (#"{"key":"p\"a/s\\s ü&1"}"#, #"{"key":"<redacted>"}"#),
        (#"{"key":"p\"a\/s\\s ü&1"}"#, #"{"key":"<redacted>"}"#),
        ("?key=p%22a%2Fs%5Cs%20%C3%BC%261&x=1", "?key=<redacted>&x=1"),
        // Shapes that nobody configured.
        ("https://api.telegram.org/bot123:ABC-d_e/getMe", "https://api.telegram.org/bot<redacted>/getMe"),
        ("/file/bot77%3Axyz/a.jpg", "/file/bot<redacted>/a.jpg"),
        (
            "POST /api/v10/webhooks/123/aW50.x-y_z/messages/@original",
            "POST /api/v10/webhooks/123/<redacted>/messages/@original"
        ),
        ("/interactions/456/aW50ZXJ/callback", "/interactions/456/<redacted>/callback"),
        (#""\/webhooks\/123\/tok""#, #""\/webhooks\/123\/<redacted>""#),
        ("Authorization: Bearer abc.def\nHost: x", "Authorization: <redacted>\nHost: x"),
        (#"{"authorization":"Bot abc.def","x":1}"#, #"{"authorization":"<redacted>","x":1}"#),
        (#"{\"Authorization\": \"Basic YWJj\"}"#, #"{\"Authorization\": \"<redacted>\"}"#),
        ("authorization=abc1 next", "authorization=<redacted> next"),
        ("sent Bearer 0123456789abcdef away", "sent Bearer <redacted> away"),
        ("proxy http://me:pass@proxy:8080/ used", "proxy http://<redacted>@proxy:8080/ used"),
    ])
    func hides(_ text: String, _ expected: String) {
        #expect(redactor.redacted(text) == expected)
    }

    @Test(arguments: [
        "", "nothing secret here", "abc", "bot", "bot12 is up", "the bottom:line", "authorization failed",
        "https://example.org/a@b", "webhooks/abc/def", "interactions", "bearer of news", "10:45", "ünïcödé 你好",
    ])
    func leavesOtherTextsAlone(_ text: String) {
        #expect(redactor.redacted(text) == text)
    }

    @Test func hidesValuesWhoseNameSaysThatTheyAreSecret() {
        #expect(redactor.redacted("anything at all", of: "Authorization") == "<redacted>")
        #expect(redactor.redacted("anything at all", of: "chat.platform") == "anything at all")
        #expect(redactor.redacted("", of: "token") == "")
    }

    @Test func hidesASecretAtEachPlaceOfALongText() {
        let filler = String(repeating: "b:wia ", count: 200)
        for offset in stride(from: 0, through: filler.count, by: 37) {
            let text = filler.prefix(offset) + Self.telegram + filler.dropFirst(offset)
            let expected = filler.prefix(offset) + "<redacted>" + filler.dropFirst(offset)
            #expect(redactor.redacted(String(text)) == expected)
        }
    }

    @Test func aLongSecretWinsOverAShorterOneThatBeginsLikeIt() {
        let redactor = Redactor(secrets: ["secret", "secret-and-more"].compactMap(Secret.init))
        #expect(redactor.redacted("my secret-and-more") == "my <redacted>")
    }
}
