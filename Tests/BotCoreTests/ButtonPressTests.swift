import BotCore
import Foundation
import Testing

@Suite struct ButtonPressTests {
    /// What is stored in the inbox has to be read by later versions.
    @Test("T43: a stored press is read back") func isReadBack() throws {
        let stored = #"{"buttonPressed":{"code":"1r4711","id":"4382bfdwdsb","message":"99"}}"#
        let body = InboundEvent.Body.buttonPressed(ButtonPress(code: "1r4711", id: "4382bfdwdsb", message: "99"))
        #expect(try JSONDecoder().decode(InboundEvent.Body.self, from: Data(stored.utf8)) == body)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(body), as: UTF8.self) == stored)
    }

    @Test("T43: a press with an unknown code asks for nothing", arguments: ["", "2r7", "rm -rf"])
    func unknown(code: String) { #expect(ButtonPress(code: code, id: "1", message: "2").action == nil) }
}
