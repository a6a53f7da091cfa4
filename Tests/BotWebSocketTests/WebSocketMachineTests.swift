import NIOWebSocket
import Testing

@testable import BotWebSocket

struct WebSocketMachineTests {
    private static let mask: UInt32 = 0x37FA_213D

    private func makeMachine(max: Int = 1 << 20) -> WebSocketMachine {
        WebSocketMachine(maxMessageBytes: max) { Self.mask }
    }

    /// A frame of the server.
    private static func frame(_ opcode: UInt8, _ payload: [UInt8], fin: Bool = true) -> [UInt8] {
        let head: [UInt8] =
            switch payload.count {
            case ..<126: [UInt8(payload.count)]
            case ...0xFFFF: [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
            default: [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
            }
        return [(fin ? 0x80 : 0) | opcode] + head + payload
    }

    /// A frame of ours: masked.
    private func masked(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return [0x80 | opcode, 0x80 | UInt8(payload.count)] + key
            + payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
    }

    // MARK: - The examples of RFC 6455, section 5.7

    @Test func sendsTheMaskedExample() throws {
        let frame = try makeMachine().frame(.text, "Hello".utf8)
        #expect(frame == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }

    @Test func takesTheUnmaskedExample() {
        var machine = makeMachine()
        #expect(machine.receive([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]) == [.deliver(.text("Hello"))])
    }

    @Test func takesTheFragmentedExample() {
        var machine = makeMachine()
        #expect(machine.receive([0x01, 0x03, 0x48, 0x65, 0x6C]) == [])
        #expect(machine.receive([0x80, 0x02, 0x6C, 0x6F]) == [.deliver(.text("Hello"))])
    }

    @Test func answersThePingExample() {
        var machine = makeMachine()
        #expect(
            machine.receive([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
                == [.sendPong([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])])
    }

    // MARK: - Streams

    @Test("D13: a stream of all kinds of frames, cut anywhere")
    func understandsAStreamAtEveryCut() {
        let stream =
            Self.frame(0x1, Array("first".utf8)) + Self.frame(0x1, Array("fr".utf8), fin: false)
            + Self.frame(0x9, [1, 2]) + Self.frame(0x0, Array("a\u{1F600}".utf8).dropLast(2), fin: false)
            + Self.frame(0xA, []) + Self.frame(0x0, Array("\u{1F600}".utf8).suffix(2))
            + Self.frame(0x2, [UInt8](repeating: 7, count: 126)) + Self.frame(0x1, [])
            + Self.frame(0x8, [0x0F, 0xA4] + Array("auth".utf8))
        let expected: [WebSocketMachine.Action] = [
            .deliver(.text("first")), .sendPong(masked(0xA, [1, 2])), .deliver(.text("fra\u{1F600}")),
            .deliver(.binary([UInt8](repeating: 7, count: 126))), .deliver(.text("")),
            .send(masked(0x8, [0x0F, 0xA4])), .end(.closed(code: 4004, reason: "auth")),
        ]
        for cut in 0...stream.count {
            var machine = makeMachine()
            let actions = machine.receive(Array(stream[..<cut])) + machine.receive(Array(stream[cut...]))
            #expect(actions == expected, "cut at \(cut)")
        }
        var machine = makeMachine()
        #expect(stream.flatMap { machine.receive([$0]) } == expected)
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20]) func takesMessagesOfAnyLength(count: Int) {
        var machine = makeMachine()
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(machine.receive(Self.frame(0x2, payload)) == [.deliver(.binary(payload))])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20]) func writesHeadersThatItReadsBack(count: Int)
        throws
    {
        let frame = try makeMachine().frame(.binary, [UInt8](repeating: 9, count: count))
        var header = FrameHeader(opcode: .binary, length: count)
        header.isMasked = true
        #expect(try FrameHeader(frame) == header)
        let headBytes = count < 126 ? 2 : count <= 0xFFFF ? 4 : 10
        #expect(frame.count == headBytes + 4 + count)
    }

    // MARK: - Violations

    private struct Wrong: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var code = 1002

        init(_ what: String, _ bytes: [UInt8], code: Int = 1002) {
            (testDescription, self.bytes, self.code) = (what, bytes, code)
        }
    }

    @Test(
        arguments: [
            Wrong("masked", [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]),
            Wrong("first reserved bit", [0xC1, 0x00]), Wrong("second reserved bit", [0xA1, 0x00]),
            Wrong("third reserved bit", [0x91, 0x00]),
            Wrong("opcode 3", [0x83, 0x00]), Wrong("opcode 7", [0x87, 0x00]), Wrong("opcode 11", [0x8B, 0x00]),
            Wrong("opcode 15", [0x8F, 0x00]),
            Wrong("fragmented ping", [0x09, 0x00]), Wrong("fragmented close", [0x08, 0x00]),
            Wrong("long ping", frame(0x9, [UInt8](repeating: 0, count: 126))),
            Wrong("lonely continuation", [0x80, 0x00]), Wrong("lonely open continuation", [0x00, 0x00]),
            Wrong("text in a message", [0x01, 0x00, 0x81, 0x00]),
            Wrong("binary in a message", [0x01, 0x00, 0x02, 0x00]),
            Wrong("16 bits for 125", [0x82, 126, 0, 125]),
            Wrong("64 bits for 65535", [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
            Wrong("highest bit of the length", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            Wrong("half a close code", frame(0x8, [3])),
            Wrong("invalid text", frame(0x1, [0xC3, 0x28]), code: 1007),
            Wrong("cut text", frame(0x1, [0xE2, 0x82]), code: 1007),
            Wrong("surrogate", frame(0x1, [0xED, 0xA0, 0x80]), code: 1007),
            Wrong("overlong slash", frame(0x1, [0xC0, 0xAF]), code: 1007),
            Wrong("invalid close reason", frame(0x8, [0x03, 0xE8, 0xFF]), code: 1007),
        ]
            + [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map { code in
                Wrong("close code \(code)", frame(0x8, [UInt8(code >> 8), UInt8(code & 0xFF)]))
            })
    private func endsTheConnectionOnAViolation(wrong: Wrong) {
        for pieces in [[wrong.bytes], wrong.bytes.map { [$0] }] {
            var machine = makeMachine()
            let actions = pieces.flatMap { machine.receive($0) }
            #expect(actions.count == 2)
            #expect(actions.first == .send(masked(0x8, [UInt8(wrong.code >> 8), UInt8(wrong.code & 0xFF)])))
            guard case .end(.failed(.protocolViolation)) = actions.last else {
                Issue.record("no violation: \(actions)")
                return
            }
            #expect(machine.receive(Self.frame(0x1, [])) == [], "nothing follows the end")
            #expect(machine.receiveEnd() == [])
            #expect(throws: WebSocketError.connectionLost("the connection is closed")) {
                try machine.frame(.text, "x".utf8)
            }
        }
    }

    @Test func refusesAContinuationAfterTheEnd() {
        var machine = makeMachine()
        #expect(machine.receive([0x01, 0x00, 0x80, 0x00]) == [.deliver(.text(""))])
        #expect(
            machine.receive([0x80, 0x00]).last
                == .end(.failed(.protocolViolation("a continuation follows no message"))))
    }

    @Test func refusesAFrameThatIsTooLargeByItsHeader() {
        var machine = makeMachine(max: 1000)
        #expect(
            machine.receive([0x82, 126, 0x03, 0xE9])
                == [.send(masked(0x8, [0x03, 0xF1])), .end(.failed(.tooLarge(limit: 1000)))])
    }

    @Test func refusesFragmentsThatTogetherAreTooLarge() {
        var machine = makeMachine(max: 1000)
        let half = [UInt8](repeating: 1, count: 500)
        #expect(machine.receive(Self.frame(0x2, half, fin: false) + Self.frame(0x0, half, fin: false)) == [])
        #expect(machine.receive(Self.frame(0x9, [])).count == 1, "control frames do not count")
        #expect(
            machine.receive([0x80, 0x01])
                == [.send(masked(0x8, [0x03, 0xF1])), .end(.failed(.tooLarge(limit: 1000)))])
    }

    @Test func takesAMessageAsLargeAsTheLimit() {
        var machine = makeMachine(max: 1000)
        for _ in 0..<3 {
            #expect(machine.receive(Self.frame(0x2, [UInt8](repeating: 1, count: 1000))).count == 1)
        }
    }

    @Test func refusesToSendWhatIsTooLarge() {
        #expect(throws: WebSocketError.tooLarge(limit: 4)) { try makeMachine(max: 4).frame(.text, "Hello".utf8) }
    }

    // MARK: - Closing

    @Test(arguments: [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4000, 4014, 4999]) func reportsCloseCodes(code: Int) {
        var machine = makeMachine()
        let bytes = [UInt8(code >> 8), UInt8(code & 0xFF)]
        #expect(
            machine.receive(Self.frame(0x8, bytes + Array("why".utf8)))
                == [.send(masked(0x8, bytes)), .end(.closed(code: code, reason: "why"))])
    }

    @Test func echoesACloseFrameWithoutACode() {
        var machine = makeMachine()
        #expect(machine.receive([0x88, 0x00]) == [.send(masked(0x8, [])), .end(.closed(code: nil, reason: ""))])
    }

    @Test func waitsForTheEchoOfItsOwnClose() {
        var machine = makeMachine()
        #expect(machine.close(code: 4000, reason: "bye") == [.send(masked(0x8, [0x0F, 0xA0] + Array("bye".utf8)))])
        #expect(!machine.isOpen)
        #expect(machine.close(code: 4001, reason: "") == [], "it is said once")
        #expect(throws: WebSocketError.self) { try machine.frame(.text, "x".utf8) }
        #expect(machine.receive(Self.frame(0x1, [0x61]) + Self.frame(0x9, [])) == [], "late messages are dropped")
        #expect(machine.receive(Self.frame(0x8, [0x0F, 0xA0])) == [.end(.closed(code: 4000, reason: ""))])
    }

    @Test func saysNothingMoreWhenThePeerBreaksRulesAfterTheClose() {
        var machine = makeMachine()
        _ = machine.close(code: 1000, reason: "")
        #expect(
            machine.receive([0x83, 0x00])
                == [.end(.failed(.protocolViolation("a frame has an unknown opcode")))])
    }

    @Test func cutsALongReasonBetweenCharacters() {
        var machine = makeMachine()
        let reason = String(repeating: "a", count: 120) + "\u{1F600}b"
        #expect(
            machine.close(code: 1000, reason: reason)
                == [.send(masked(0x8, [0x03, 0xE8] + [UInt8](repeating: 0x61, count: 120)))])
    }

    @Test(arguments: [[], [0x81], [0x01, 0x00]] as [[UInt8]]) func reportsAnEndWithoutACloseFrame(before: [UInt8]) {
        var machine = makeMachine()
        _ = machine.receive(before)
        #expect(
            machine.receiveEnd()
                == [.end(.failed(.connectionLost("the peer closed it without a close frame")))])
    }
}
