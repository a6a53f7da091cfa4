import BotCore
import BotTestSupport
import Testing

@testable import BotApp

/// Pictures and files, from the chat to the model and no further.
@Suite(.timeLimit(.minutes(5)))
struct PhotoTests {
    private static let picture = SampleImage.jpeg(width: 1280, height: 720, before: 60_000)
    private static let canSee: [String: JSONValue] = ["capabilities": .object(["vision": .bool(true)])]

    private static func images(_ call: FakeModelServer.Call) -> [PromptImage] { call.messages.flatMap(\.images) }

    @Test("T42: a photo with its caption reaches the model as an image, and the next request has none")
    func showsAPhotoOnce() async throws {
        try await AppWorld.with { world in
            world.model.setFacts(Self.canSee)
            try await world.running { app in
                let ada = world.telegram.user(AppWorld.people[0])
                world.model.script(ModelAnswer("A heron."), ModelAnswer("It is grey."))
                ada.sendPhoto([([1], 90, 60), (Self.picture, 1280, 720)], caption: "what bird is it?")
                try await world.telegram.reply(in: ada.id, holding: "A heron.")
                ada.say("which colour?")
                try await world.telegram.reply(in: ada.id, holding: "It is grey.")
                let calls = world.model.calls
                #expect(Self.images(calls[0]) == [PromptImage(mediaType: "image/jpeg", bytes: Self.picture)])
                #expect(calls[0].question?.contains("what bird is it?") == true)
                #expect(Self.images(calls[1]).isEmpty)
                #expect(calls[1].messages.contains { $0.content.contains("[photo]\nwhat bird is it?") })
                #expect(world.telegram.downloads.count == 1)
                // Neither the log nor the API tells where the photo is.
                let session = try await app.ask("/api/sessions?limit=5").text
                #expect(session.contains("what bird is it?"))
                #expect(!session.contains("file-"))
                #expect(!world.log.contains("file-"))
                #expect(!world.log.contains("documents/"))
            }
        }
    }

    @Test("T42: a text file is read, over a restart in the middle too, and is in no later request")
    func readsAFile() async throws {
        try await AppWorld.with { world in
            let ada = world.telegram.user(AppWorld.people[0])
            try await world.running { _ in
                world.telegram.fail("download", .hang)
                ada.sendFile(
                    Array("The code word is heron.".utf8), named: "notes.txt", type: "text/plain", caption: "sum it up")
                try await world.telegram.until { $0.requests("download").count == 1 }
            }
            #expect(world.model.calls.isEmpty)
            try await world.running { _ in
                try await world.telegram.reply(in: ada.id, holding: "You said")
                ada.say("thanks")
                try await world.telegram.reply(in: ada.id, holding: "thanks")
            }
            let calls = world.model.calls
            #expect(calls.count == 2)
            let shown = "<file name=\"notes.txt\">\nThe code word is heron.\n</file>"
            #expect(calls[0].messages.last?.content.contains(shown) == true)
            #expect(calls[1].messages.allSatisfy { !$0.content.contains("heron") })
            #expect(calls[1].messages.contains { $0.content.contains("[file notes.txt, 23 bytes]\nsum it up") })
        }
    }

    @Test("S7: nothing that a stranger sends is loaded, and a model that cannot see says so to those who are let in")
    func loadsOnlyWhatIsWanted() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                world.telegram.user(AppWorld.strangerID).sendPhoto([(Self.picture, 1280, 720)], caption: "hi")
                try await world.telegram.reply(in: AppWorld.strangerID)
                let ada = world.telegram.user(AppWorld.people[0])
                ada.sendPhoto([(Self.picture, 1280, 720)])
                try await world.telegram.reply(in: ada.id, holding: "cannot look at pictures")
                ada.sendFile([1, 2], named: "a.pdf", type: "application/pdf")
                try await world.telegram.reply(in: ada.id, holding: "I cannot read this kind of message (PDF file).")
                try await app.untilAllIsHandled()
                #expect(world.telegram.requests("getFile").isEmpty)
                #expect(world.telegram.downloads.isEmpty)
                #expect(world.model.calls.isEmpty)
            }
        }
    }

    @Test("T42: a photo that is gone is one honest sentence, and the bot goes on")
    func survivesLostPhotos() async throws {
        try await AppWorld.with { world in
            world.model.setFacts(Self.canSee)
            try await world.running { _ in
                let ada = world.telegram.user(AppWorld.people[0])
                world.telegram.fail("download", .error(404, "Not Found"), times: 2)
                ada.sendPhoto([(Self.picture, 1280, 720)], caption: "what is it?")
                try await world.telegram.reply(in: ada.id, holding: "The photo is not there any more.")
                ada.sendPhoto([(Self.picture, 1280, 720)], caption: "and this?")
                try await world.telegram.reply(in: ada.id, holding: "You said")
                #expect(Self.images(world.model.calls[0]).count == 1)
            }
        }
    }
}
