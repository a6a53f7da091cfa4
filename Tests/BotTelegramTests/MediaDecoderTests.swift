import BotCore
import Testing

@testable import BotTelegram

struct MediaDecoderTests {
    static func message(_ rest: String) throws -> InboundMessage? {
        guard case .message(let message) = try UpdateDecoderTests.event(rest)?.body else { return nil }
        return message
    }

    static func size(_ id: String, _ width: Int, _ height: Int, bytes: Int? = nil) -> String {
        let size = bytes.map { #","file_size":\#($0)"# } ?? ""
        return #"{"file_id":"\#(id)","file_unique_id":"u","width":\#(width),"height":\#(height)\#(size)}"#
    }

    @Test(
        "T42: of a photo the largest size within the limits is taken, whatever their order",
        arguments: [
            ([size("s", 90, 60), size("l", 1280, 960), size("m", 320, 240)], "l", nil),
            ([size("s", 90, 60, bytes: 900), size("huge", 2560, 1920, bytes: 4_000_000)], "s", 900),
            ([size("wide", 9000, 90), size("s", 900, 9)], "s", nil),
            ([size("only", 9000, 9000, bytes: 9_000_000)], "only", 9_000_000),
        ] as [([String], String, Int?)])
    func choosesASize(sizes: [String], chosen: String, bytes: Int?) throws {
        let message = try #require(
            try Self.message(#""photo":[\#(sizes.joined(separator: ","))],"caption":"what is it?""#))
        #expect(
            message.attachments == [
                BotCore.Attachment(
                    kind: .photo, reference: .init(rawValue: chosen), mediaType: "image/jpeg", byteCount: bytes)
            ])
        #expect(message.text == "what is it?")
        #expect(message.unreadable == [])
    }

    @Test("T42: a photo needs no caption, and a mention in the caption is taken out")
    func readsCaptions() throws {
        #expect(try Self.message(#""photo":[\#(Self.size("a", 1, 1))]"#)?.text == "")
        let rest =
            #""photo":[\#(Self.size("a", 1, 1))],"caption":"@mybot look","caption_entities":[{"type":"mention","offset":0,"length":6}]"#
        let event = try #require(try UpdateDecoderTests.event(chat: UpdateDecoderTests.group, rest))
        #expect(event.isAddressed)
        guard case .message(let message) = event.body else { throw CancellationError() }
        #expect(message.text == "look")
        #expect(message.attachments.count == 1)
    }

    @Test("T42: a text file or a picture that is sent as a file is one to load")
    func readsFiles() throws {
        let rest = #""document":{"file_id":"f","file_name":"a.py","mime_type":"text/x-python","file_size":120}"#
        #expect(
            try Self.message(rest)?.attachments == [
                BotCore.Attachment(
                    kind: .file, reference: .init(rawValue: "f"), fileName: "a.py", mediaType: "text/x-python",
                    byteCount: 120)
            ])
        #expect(try Self.message(#""document":{"file_id":"f","mime_type":"image/png"}"#)?.attachments.count == 1)
    }

    @Test(
        "T42: what cannot be read is named beside its caption",
        arguments: [
            (#""document":{"file_id":"f","file_name":"r.pdf","mime_type":"application/pdf"}"#, "PDF file"),
            (#""animation":{},"document":{"file_id":"f","file_name":"a.txt","mime_type":"text/plain"}"#, "GIF"),
            (#""voice":{"file_id":"v"}"#, "voice message"),
        ])
    func namesOthers(rest: String, kind: String) throws {
        let message = try #require(try Self.message(rest + #","caption":"what?""#))
        #expect(message.attachments == [])
        #expect(message.unreadable == [kind])
    }

    @Test("A reply to a photo or a text file brings it along")
    func bringsQuotedMedia() throws {
        let reply =
            #""text":"where?","reply_to_message":{"message_id":4,"from":{"id":43,"is_bot":false,"first_name":"Bob"},"photo":[\#(Self.size("q", 5, 5))]}"#
        let quoted = try #require(try Self.message(reply)?.quoted)
        #expect(quoted.speaker == "Bob")
        #expect(quoted.text == "")
        #expect(quoted.attachments?.map(\.reference.rawValue) == ["q"])
        #expect(quoted.medium == nil)
        let video =
            #""text":"where?","reply_to_message":{"message_id":4,"from":{"id":43,"is_bot":false},"video":{}}"#
        #expect(try Self.message(video)?.quoted?.attachments == nil)
        #expect(try Self.message(video)?.quoted?.medium == "video")
        let other = #""text":"where?","external_reply":{"photo":[\#(Self.size("q", 5, 5))]}"#
        #expect(try Self.message(other)?.quoted?.attachments?.map(\.reference.rawValue) == ["q"])
    }

    @Test("T16: a photo of an album names it, and a forwarded one whose it is")
    func readsPartsOfMore() throws {
        let rest =
            #""photo":[\#(Self.size("a", 1, 1))],"media_group_id":"130","forward_origin":{"type":"hidden_user","sender_user_name":"Eve"}"#
        let message = try #require(try Self.message(rest))
        #expect(message.album == "130")
        #expect(message.forwardedFrom == "Eve")
        #expect(message.attachments.count == 1)
    }

    @Test(
        "What cannot be read is named; a caption counts as text",
        arguments: [
            (#""photo":[{"width":"x"}]"#, .unreadable(kind: "photo")),
            (
                #""document":{"file_id":"f","file_name":"a.pdf","mime_type":"application/pdf"}"#,
                .unreadable(kind: "PDF file")
            ),
            (#""voice":{}"#, .unreadable(kind: "voice message")),
            (#""animation":{},"document":{}"#, .unreadable(kind: "GIF")),
            (#""sticker":{}"#, .unreadable(kind: "sticker")),
            (#""venue":{},"location":{}"#, .unreadable(kind: "place")), (#""document":{}"#, .unreadable(kind: "file")),
            (
                #""photo":[{}],"caption":"what is it?""#,
                .message(UpdateDecoderTests.message("what is it?", unreadable: ["photo"]))
            ),
            (
                #""video":{},"caption":"how long?""#,
                .message(UpdateDecoderTests.message("how long?", unreadable: ["video"]))
            ),
        ] as [(String, InboundEvent.Body)])
    func namesMedia(rest: String, body: InboundEvent.Body) throws {
        #expect(try UpdateDecoderTests.event(rest)?.body == body)
    }
}
