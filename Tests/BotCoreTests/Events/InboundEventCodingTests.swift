import BotCore
import Foundation
import Testing

/// The inbox outlives upgrades: what any version has stored is read by this one.
struct InboundEventCodingTests {
    private static let everything = InboundMessage(
        id: "77", text: "look", quoted: .init(speaker: "Bob", text: "", medium: "photo"), forwardedFrom: "Eve",
        attachments: [
            Attachment(kind: .photo, reference: .init(rawValue: "AgAC")),
            Attachment(
                kind: .file, reference: .init(rawValue: "BQAC"), fileName: "a.txt", mediaType: "text/plain",
                byteCount: 12),
        ], unreadable: ["video"], album: "130", isCut: true, sentAt: Timestamp(rawValue: 1_790_000_000_000))

    @Test(
        "bodies as the first versions stored them are read",
        arguments: [
            (#"{"message":{"text":"hi"}}"#, .message(InboundMessage(text: "hi"))),
            (
                #"{"message":{"text":"why?","quoted":{"speaker":"Bob","text":"It is."}}}"#,
                .message(InboundMessage(text: "why?", quoted: .init(speaker: "Bob", text: "It is.")))
            ),
            (#"{"command":{"name":"reset","arguments":"x y"}}"#, .command(name: "reset", arguments: "x y")),
            (#"{"broughtIn":{}}"#, .broughtIn), (#"{"shutOut":{}}"#, .shutOut),
            (#"{"stopPressed":{"turn":12}}"#, .stopPressed(turn: TurnID(12))),
            (#"{"unreadable":{"kind":"sticker"}}"#, .unreadable(kind: "sticker")),
        ] as [(String, InboundEvent.Body)])
    func readsEarlierForms(json: String, body: InboundEvent.Body) throws {
        #expect(try JSONDecoder().decode(InboundEvent.Body.self, from: Data(json.utf8)) == body)
    }

    @Test(
        "what is stored is read back as it was",
        arguments: [
            .message(InboundMessage(text: "hi")), .message(everything), .edited(everything), .deleted(message: "77"),
            .message(InboundMessage(text: "why?", quoted: .init(speaker: "Bot", text: "It is.", ownMessage: "4"))),
            .command(name: "retry", arguments: ""),
            .broughtIn, .shutOut, .stopPressed(turn: TurnID(3)), .unreadable(kind: "voice message"),
            .unreadable(kind: "video", album: "130"), .buttonPressed(ButtonPress(code: "1r7", id: "8", message: "9")),
        ] as [InboundEvent.Body])
    func readsItsOwnForm(body: InboundEvent.Body) throws {
        let stored = try JSONEncoder().encode(body)
        #expect(try JSONDecoder().decode(InboundEvent.Body.self, from: stored) == body)
    }

    @Test("a plain message is stored in the first version's form, which an earlier version reads too")
    func keepsTheFirstForm() throws {
        let stored = try JSONEncoder().encode(InboundEvent.Body.message(InboundMessage(text: "hi")))
        #expect(String(decoding: stored, as: UTF8.self) == #"{"message":{"text":"hi"}}"#)
    }

    @Test("a body of a kind that is not known is refused, not guessed", arguments: ["{}", #"{"other":{}}"#])
    func refusesUnknownKinds(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(InboundEvent.Body.self, from: Data(json.utf8))
        }
    }

    @Test("an event without anybody at whom it points is stored as by earlier versions, and theirs are read")
    func readsEventsWithoutReferences() throws {
        func event(_ references: [PersonReference]) -> InboundEvent {
            InboundEvent(
                externalID: "7", conversation: ConversationKey(platform: .telegram, account: "1", chat: "2"),
                scope: .direct, isAddressed: true, speaker: Speaker(id: "2", name: "Ada"),
                receivedAt: Timestamp(rawValue: 1), replyAddress: ReplyAddress(rawValue: "to 2"),
                body: .command(name: "allow", arguments: ""), references: references)
        }
        let plain = try JSONEncoder().encode(event([]))
        #expect(!String(decoding: plain, as: UTF8.self).contains("references"))
        #expect(try JSONDecoder().decode(InboundEvent.self, from: plain) == event([]))
        let pointing = event([PersonReference(entry: "telegram:8", name: "Bob"), PersonReference(entry: nil, name: "")])
        let stored = try JSONEncoder().encode(pointing)
        #expect(try JSONDecoder().decode(InboundEvent.self, from: stored) == pointing)
    }
}
