import BotCore
import BotSessions
import Testing

@testable import BotConversation

struct TurnMediaTests {
    /// Counts letters, and shows as many of each file as the limit says.
    struct Letters: MediaSizes {
        func blocks(of files: [PromptFile], within limit: Int) -> FileBlocks {
            let shown = files.map { $0.text.prefix(limit / files.count) }
            return FileBlocks(
                text: shown.joined(separator: "|"),
                shares: zip(files, shown).map { Double($1.count) / Double($0.text.count) })
        }

        func tokens(of text: String) -> Int { text.count * 2 }
    }

    static func media(pictures: [Int] = [], files: [String] = []) -> TurnMedia {
        var media = TurnMedia.none
        media.pictures = pictures.map {
            .init(image: PromptImage(mediaType: "image/png", bytes: [UInt8($0 % 256)]), tokens: $0)
        }
        media.files = files.map { .init(file: PromptFile(name: "n", text: $0), label: "n") }
        return media
    }

    @Test("Pictures go in whole, and are reckoned as no more than there is room for")
    func reckonsPictures() {
        let part = Self.media(pictures: [1500, 1500]).part(within: 2000, fileTokens: 100, sizes: Letters())
        #expect(part.images.count == 2)
        #expect(part.imageTokens == 2000)
        #expect(Self.media(pictures: [1500]).part(within: nil, fileTokens: 100, sizes: Letters()).imageTokens == 1500)
    }

    @Test(
        "Files are shown within the setting and within the room beside pictures, and the person is told what was cut",
        arguments: [
            (nil, 100, 100, []),
            (nil, 40, 40, ["(n is long: the model was shown its beginning and its end, 40 % of it.)"]),
            (50, 100, 50, ["(n is long: the model was shown its beginning and its end, 50 % of it.)"]),
            (nil, 0, 0, ["(There was no room to show the model n.)"]),
        ] as [(Int?, Int, Int, [String])])
    func cutsFiles(room: Int?, setting: Int, shown: Int, notes: [String]) {
        let media = Self.media(files: [String(repeating: "x", count: 100)])
        let part = media.part(within: room, fileTokens: setting, sizes: Letters())
        #expect(part.text.count == shown)
        #expect(part.textTokens == shown * 2)
        #expect(part.notes == notes)
    }

    @Test("Pictures leave half of the room to the files beside them")
    func sharesRoom() {
        let media = Self.media(pictures: [5000], files: [String(repeating: "x", count: 100)])
        let part = media.part(within: 100, fileTokens: 1000, sizes: Letters())
        #expect(part.text.count == 50)
        #expect(part.imageTokens == 50)
    }

    @Test("It stands in the newest message of the user, behind the words")
    func addsToTheNewestMessage() {
        var media = Self.media(pictures: [10], files: ["data"])
        media.hints = ["[hint]"]
        let part = media.part(within: nil, fileTokens: 100, sizes: Letters())
        let messages = [
            PromptMessage(role: .user, content: "old"), PromptMessage(role: .assistant, content: "re"),
            PromptMessage(role: .user, content: "new"),
        ]
        let added = part.added(to: messages)
        #expect(Array(added.prefix(2)) == Array(messages.prefix(2)))
        #expect(added[2].content == "new\n\ndata\n\n[hint]")
        #expect(added[2].images.count == 1)
        #expect(TurnMedia.none.part(within: 5, fileTokens: 5, sizes: Letters()).added(to: messages) == messages)
    }
}
