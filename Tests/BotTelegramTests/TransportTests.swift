import BotCore
import BotTestSupport
import Testing

@testable import BotTelegram

@Suite(.timeLimit(.minutes(5)))
struct TransportTests {
    static let ada = TelegramAddress(chat: 42, isPrivate: true).encoded

    static func group(replyTo: Int64? = nil, thread: Int64? = nil) -> ReplyAddress {
        TelegramAddress(chat: -100_500, thread: thread, replyTo: replyTo, isPrivate: false).encoded
    }

    @Test("T30 T32: sends beside a held poll, with entities and without link previews, and breaks no rule of the API")
    func sends() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            let chunk = try #require(rig.platform.render("a **bold** answer").first)
            let id = try await rig.platform.send(chunk, to: Self.ada, nonce: "n", isFirst: true)
            let message = try #require(rig.fake.sent(in: 42).first)
            #expect(id == "\(message.id)")
            #expect(message.text == "a bold answer")
            #expect(message.entities == [.object(["type": "bold", "offset": 2, "length": 4])])
            #expect(message.replyTo == nil)
            let request = rig.fake.requests("sendMessage")[0]
            #expect(request.arguments["link_preview_options"] == .object(["is_disabled": true]))
            #expect(request.arguments["parse_mode"] == nil)
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T26: in groups the first message replies, also when the question is gone")
    func repliesInGroups() async throws {
        try await TelegramRig.run { rig in
            rig.fake.group(-100_500)
            let question = rig.fake.user(42).say("@rig_bot hi", in: -100_500)
            let address = Self.group(replyTo: question)
            _ = try await rig.platform.send(RenderedChunk(text: "1"), to: address, nonce: "a", isFirst: true)
            _ = try await rig.platform.send(RenderedChunk(text: "2"), to: address, nonce: "b", isFirst: false)
            let gone = Self.group(replyTo: 999_999)
            _ = try await rig.platform.send(RenderedChunk(text: "3"), to: gone, nonce: "c", isFirst: true)
            #expect(rig.fake.sent(in: -100_500).map(\.replyTo) == [question, nil, nil])
        }
    }

    @Test("T23: answers in a topic go to the topic")
    func answersInTopics() async throws {
        try await TelegramRig.run { rig in
            rig.fake.group(-100_500, topics: [9])
            rig.fake.user(42).say("@rig_bot hi", in: -100_500, thread: 9)
            await rig.intake.until(stored: "hi")
            let address = try #require(rig.intake.events.first?.replyAddress)
            _ = try await rig.platform.send(RenderedChunk(text: "yes"), to: address, nonce: "a", isFirst: true)
            try await rig.platform.showTyping(at: address)
            #expect(rig.fake.sent(in: -100_500).map(\.thread) == [9])
            #expect(rig.fake.requests("sendChatAction").map { $0.integer("message_thread_id") } == [9])
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T35: edits; an edit that changes nothing is a success, one without its message is not")
    func edits() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let chunk = RenderedChunk(text: "one")
            let id = try #require(try await rig.platform.send(chunk, to: Self.ada, nonce: "n", isFirst: true))
            let better = try #require(rig.platform.render("**two**").first)
            for _ in 0..<2 { try await rig.platform.edit(id, to: better, at: Self.ada) }
            #expect(rig.fake.sent(in: 42).map(\.text) == ["two"])
            #expect(rig.fake.sent(in: 42).map(\.edits) == [1])
            await #expect(throws: DeliveryError.messageMissing("Bad Request: message to edit not found")) {
                try await rig.platform.edit("987654", to: chunk, at: Self.ada)
            }
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T37: drafts carry the turn's id and a Stop button, whose press names the turn")
    func showsDrafts() async throws {
        try await TelegramRig.run { rig in
            try await rig.fake.until { !$0.requests("getUpdates").isEmpty }
            let ada = rig.fake.user(42)
            let chunk = try #require(rig.platform.renderPreview("so **far").first)
            try await rig.platform.showDraft(chunk, turn: TurnID(77), at: Self.ada)
            #expect(rig.fake.actions(in: 42) == [.draft(id: 77, text: "so far")])
            #expect(rig.fake.requests("sendMessageDraft")[0].arguments["can_stop"] == true)
            #expect(ada.pressStop(draft: 77) != 0)
            ada.say("done")
            await rig.intake.until(stored: "done")
            #expect(rig.intake.events.first?.body == .stopPressed(turn: TurnID(77)))
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T37: before there is any text an empty draft shows that the answer is being thought about")
    func showsAPlaceholder() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            try await rig.platform.showDraft(.nothing, turn: TurnID(7), at: Self.ada)
            #expect(rig.fake.actions(in: 42) == [.draft(id: 7, text: "")])
            #expect(rig.fake.requests("sendMessageDraft")[0].arguments["text"] == "")
            #expect(rig.fake.requests("sendMessageDraft")[0].arguments["can_stop"] == true)
            #expect(rig.fake.violations == [])
        }
    }

    @Test("T39: a server that is too old for empty drafts is not asked again, and shows others")
    func givesUpPlaceholders() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            rig.fake.fail("sendMessageDraft", .error(400, "Bad Request: message text is empty"))
            await #expect(throws: DeliveryError.previewUnsupported("Bad Request: message text is empty")) {
                try await rig.platform.showDraft(.nothing, turn: TurnID(7), at: Self.ada)
            }
            #expect(rig.platform.previewStyle(at: Self.ada) == .draft(interval: .milliseconds(700)))
            try await rig.platform.showDraft(RenderedChunk(text: "x"), turn: TurnID(7), at: Self.ada)
            #expect(rig.fake.actions(in: 42) == [.draft(id: 7, text: "x")])
        }
    }

    @Test("T39: where drafts do not work they are not tried again; a flood wait changes nothing")
    func givesUpDrafts() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let chunk = RenderedChunk(text: "x")
            rig.fake.fail("sendMessageDraft", .flood(5))
            await #expect(throws: DeliveryError.rateLimited(retryAfter: .seconds(5), everywhere: false)) {
                try await rig.platform.showDraft(chunk, turn: TurnID(1), at: Self.ada)
            }
            #expect(
                rig.platform.previewStyle(at: Self.ada) == .draft(interval: .milliseconds(700), hasPlaceholder: true))
            rig.fake.fail("sendMessageDraft", .error(400, "Bad Request: TEXTDRAFT_PEER_INVALID"))
            await #expect(throws: DeliveryError.previewUnsupported("Bad Request: TEXTDRAFT_PEER_INVALID")) {
                try await rig.platform.showDraft(chunk, turn: TurnID(1), at: Self.ada)
            }
            #expect(rig.platform.previewStyle(at: Self.ada) == .edit(interval: .milliseconds(1200)))
            let bob = TelegramAddress(chat: 43, isPrivate: true).encoded
            #expect(rig.platform.previewStyle(at: bob) == .draft(interval: .milliseconds(700), hasPlaceholder: true))
            rig.fake.fail("sendMessageDraft", .error(404, "Not Found: method not found"))
            await #expect(throws: DeliveryError.previewUnsupported("Not Found: method not found")) {
                try await rig.platform.showDraft(chunk, turn: TurnID(1), at: bob)
            }
            #expect(rig.platform.previewStyle(at: bob) == .edit(interval: .milliseconds(1200)))
        }
    }

    @Test(
        "Previews are drafts in private and edits in groups, unless the owner wants otherwise",
        arguments: [
            (
                .auto, .draft(interval: .milliseconds(700), hasPlaceholder: true),
                .edit(interval: .seconds(3), perMinute: 20)
            ),
            (.edit, .edit(interval: .milliseconds(1200)), .edit(interval: .seconds(3), perMinute: 20)),
            (.off, .off, .off),
        ] as [(TelegramConfiguration.Streaming, PreviewStyle, PreviewStyle)])
    func choosesPreviews(
        streaming: TelegramConfiguration.Streaming, direct: PreviewStyle, group: PreviewStyle
    ) async throws {
        try await TelegramRig.run(streaming: streaming) { rig in
            #expect(rig.platform.previewStyle(at: Self.ada) == direct)
            #expect(rig.platform.previewStyle(at: Self.group()) == group)
            #expect(rig.platform.previewStyle(at: ReplyAddress(rawValue: "other")) == .off)
            #expect(rig.platform.typingInterval(at: Self.ada) == .seconds(4))
            #expect(!rig.platform.repeatsAreHarmless(since: .zero))
        }
    }

    @Test("T25: a chat that has gone is told as such")
    func noticesBlockedChats() async throws {
        try await TelegramRig.run { rig in
            rig.fake.user(42).block()
            await #expect(throws: DeliveryError.chatGone("Forbidden: bot was blocked by the user")) {
                try await rig.platform.send(RenderedChunk(text: "x"), to: Self.ada, nonce: "n", isFirst: true)
            }
        }
    }

    @Test("T24: a send to a group that was upgraded tells where it is now, and the address follows")
    func followsUpgradedGroups() async throws {
        try await TelegramRig.run { rig in
            rig.fake.group(-500)
            rig.fake.upgrade(-500, to: -100_500, isSilent: true)
            let address = TelegramAddress(chat: -500, replyTo: 7, isPrivate: false).encoded
            await #expect(throws: DeliveryError.chatMoved(to: "-100500")) {
                try await rig.platform.send(RenderedChunk(text: "x"), to: address, nonce: "n", isFirst: true)
            }
            let there = rig.platform.address(address, in: "-100500")
            #expect(TelegramAddress(there) == TelegramAddress(chat: -100_500, isPrivate: false))
            _ = try await rig.platform.send(RenderedChunk(text: "x"), to: there, nonce: "n", isFirst: true)
            #expect(rig.fake.sent(in: -100_500).map(\.text) == ["x"])
        }
    }

    @Test("T24: what came before the move is stored before it, what came after is stored after it")
    func movesInOrder() async throws {
        try await TelegramRig.run { fake in
            fake.group(-500)
            fake.user(42).say("@rig_bot before", in: -500)
            fake.upgrade(-500, to: -100_500)
            fake.user(42).say("@rig_bot after", in: -100_500)
        } _: { rig in
            await rig.intake.until(stored: "after")
            #expect(rig.intake.texts == ["before", "after"])
            let move = ChatMove("-500", to: "-100500", platform: .telegram, account: "\(rig.fake.botID)")
            #expect(rig.intake.moves == [move, move])
            #expect(rig.intake.order == ["before", "move", "move", "after"])
        }
    }

    @Test("T23: a topic that is gone takes no answer, and none goes to another place")
    func noticesLostTopics() async throws {
        try await TelegramRig.run { rig in
            rig.fake.group(-100_500, topics: [9])
            await #expect(throws: DeliveryError.chatUnavailable("Bad Request: message thread not found")) {
                try await rig.platform.send(
                    RenderedChunk(text: "x"), to: Self.group(thread: 8), nonce: "n", isFirst: true)
            }
            #expect(rig.fake.sent(in: -100_500).isEmpty)
        }
    }

    @Test("T31: refused markup is told as such, so that the text can go plain")
    func tellsRefusedMarkup() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let bad = RenderedChunk(text: "x", markup: #"[{"type":"bold","offset":0,"length":9}]"#)
            await #expect(throws: DeliveryError.markupRefused("Bad Request: entity beyond the text")) {
                try await rig.platform.send(bad, to: Self.ada, nonce: "n", isFirst: true)
            }
            _ = try await rig.platform.send(bad.plain, to: Self.ada, nonce: "n", isFirst: true)
            #expect(rig.fake.sent(in: 42).map(\.text) == ["x"])
            let link = RenderedChunk(
                text: "x", markup: #"[{"type":"text_link","offset":0,"length":1,"url":"http://localhost/"}]"#)
            let reason = "Bad Request: entity URL 'http://localhost/' is invalid: Wrong HTTP URL"
            await #expect(throws: DeliveryError.markupRefused(reason)) {
                try await rig.platform.send(link, to: Self.ada, nonce: "n", isFirst: true)
            }
        }
    }

    @Test("T33: a message whose answer was lost may have arrived")
    func admitsDoubt() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            rig.fake.fail("sendMessage", .resetAfterwards)
            do {
                _ = try await rig.platform.send(RenderedChunk(text: "x"), to: Self.ada, nonce: "n", isFirst: true)
                Issue.record("no error")
            } catch DeliveryError.outcomeUnknown {
                #expect(rig.fake.sent(in: 42).count == 1)
            }
        }
    }

    @Test("T33 T34: what was surely not carried out says so")
    func knowsWhatWasNotSent() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let chunk = RenderedChunk(text: "x")
            rig.fake.fail("sendMessage", .flood(7))
            await #expect(throws: DeliveryError.rateLimited(retryAfter: .seconds(7), everywhere: false)) {
                try await rig.platform.send(chunk, to: Self.ada, nonce: "n", isFirst: true)
            }
            rig.fake.fail("sendMessage", .body(status: 502, "<html>"))
            do {
                _ = try await rig.platform.send(chunk, to: Self.ada, nonce: "n", isFirst: true)
                Issue.record("no error")
            } catch DeliveryError.notSent {
                #expect(rig.fake.sent(in: 42).isEmpty)
            }
        }
    }

    @Test("T27: the longest message is taken, and a longer reply comes as several in order")
    func sendsLongReplies() async throws {
        try await TelegramRig.run { rig in
            _ = rig.fake.user(42)
            let words = (0..<3000).map { "word\($0)" }
            let chunks = rig.platform.render(
                String(repeating: "😀", count: 4096) + "\n\n" + words.joined(separator: " "))
            #expect(chunks.count > 3)
            for chunk in chunks {
                _ = try await rig.platform.send(chunk, to: Self.ada, nonce: "n", isFirst: false)
            }
            let text = rig.fake.sent(in: 42).map(\.text).joined(separator: " ")
            #expect(text.split(separator: " ").dropFirst().map(String.init) == words)
        }
    }

    @Test("T40: the messages of a preview are those of the whole reply, as far as it has come")
    func freezesPreviews() async throws {
        try await TelegramRig.run { rig in
            let text = String(repeating: "A sentence of some words. ", count: 400)
            let messages = rig.platform.render(text)
            #expect(messages.count == 3)
            #expect(rig.platform.renderPreview(text) == messages)
            let half = rig.platform.renderPreview(String(text.prefix(6000)))
            #expect(half.count == 2)
            #expect(half.first == messages.first)
            #expect(messages[1].text.hasPrefix(half[1].text))
            #expect(rig.platform.renderPreview("  \n").isEmpty)
        }
    }
}
