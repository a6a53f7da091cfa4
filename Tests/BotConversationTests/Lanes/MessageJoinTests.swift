import BotCore
import Testing

@testable import BotConversation

struct MessageJoinTests {
    /// An entry that came so many milliseconds after the first.
    private static func entry(
        _ id: Int64, _ message: InboundMessage, by person: String = "7", at milliseconds: Int64 = 0
    ) -> InboxEntry {
        InboxEntry(
            id: InboxID(id),
            event: InboundEvent(
                externalID: "\(id)", conversation: .test("42"), scope: .direct, isAddressed: true,
                speaker: Speaker(id: person, name: "Ada"),
                receivedAt: Timestamp(rawValue: 1_790_000_000_000 + milliseconds),
                replyAddress: ReplyAddress(rawValue: "42"), body: .message(message)))
    }

    private static let cut = InboundMessage(text: "a", isCut: true)
    private static let plain = InboundMessage(text: "b")
    private static let forward = InboundMessage(text: "c", forwardedFrom: "Eve")
    private static let album = InboundMessage(text: "d", album: "1")
    private static let reply = InboundMessage(text: "e", quoted: .init(speaker: "Bob", text: "x"))

    @Test(
        "T16: what belongs together",
        arguments: [
            (album, album, 60_000, true), (album, InboundMessage(text: "", album: "2"), 0, false),
            (album, plain, 0, false), (plain, album, 0, false), (plain, plain, 0, false),
            (cut, plain, 1200, true), (cut, plain, 1201, false), (cut, cut, 500, true), (cut, reply, 0, false),
            (cut, InboundMessage(text: "e", quoted: .init(speaker: "Bot", text: "x", ownMessage: "4")), 0, true),
            (cut, album, 0, false), (plain, forward, 1000, true), (plain, forward, 1001, false),
            (forward, forward, 1000, true), (forward, forward, 1001, false), (forward, plain, 0, false),
            (album, forward, 0, false), (InboundMessage(text: "a", forwardedFrom: "", isCut: true), plain, 0, false),
            (cut, InboundMessage(text: "b", unreadable: ["video"]), 0, false),
        ] as [(InboundMessage, InboundMessage, Int64, Bool)])
    func joins(first: InboundMessage, next: InboundMessage, after: Int64, joins: Bool) {
        #expect(MessageJoin.joins(Self.entry(2, next, at: after), to: [Self.entry(1, first)]) == joins)
        #expect(!MessageJoin.joins(Self.entry(2, next, by: "8", at: after), to: [Self.entry(1, first)]))
    }

    @Test("T16: after an outage everything is received at once: the platform's clock tells what was sent together")
    func goesByThePlatformsClock() {
        func sent(_ seconds: Int64, _ isCut: Bool) -> InboundMessage {
            InboundMessage(text: "x", isCut: isCut, sentAt: Timestamp(rawValue: seconds * 1000))
        }
        let first = Self.entry(1, sent(100, true))
        #expect(MessageJoin.joins(Self.entry(2, sent(102, false)), to: [first]))
        #expect(!MessageJoin.joins(Self.entry(2, sent(103, false)), to: [first]))
    }

    @Test(
        "T16: only what looks like a beginning waits for more",
        arguments: [
            (plain, nil), (reply, nil), (cut, MessageJoin.cutPause), (forward, MessageJoin.forwardPause),
            (album, MessageJoin.albumPause),
        ] as [(InboundMessage, Duration?)])
    func waits(message: InboundMessage, pause: Duration?) {
        #expect(MessageJoin.pause(after: [Self.entry(1, message)]) == pause)
    }

    @Test("S10: no more is joined than the limits allow")
    func isBounded() {
        let parts = (1...Int64(MessageJoin.maxParts)).map { Self.entry($0, Self.album) }
        #expect(MessageJoin.joins(Self.entry(99, Self.album), to: parts.dropLast()))
        #expect(!MessageJoin.joins(Self.entry(99, Self.album), to: parts))
        #expect(MessageJoin.pause(after: parts) == nil)
        let long = InboundMessage(text: String(repeating: "x", count: MessageJoin.maxBytes), isCut: true)
        #expect(!MessageJoin.joins(Self.entry(2, Self.plain), to: [Self.entry(1, long)]))
    }
}
