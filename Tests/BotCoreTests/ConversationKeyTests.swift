import BotCore
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ConversationKeyTests {
    private static let place = ConversationKey(platform: .telegram, account: "1", chat: "-100", thread: "7")

    @Test(
        "The text form tells all, and is read back",
        arguments: [
            (place, "telegram/1/-100/7"), (place.wholeChat, "telegram/1/-100"),
            (place.of(person: "42"), "telegram/1/-100/7/@42"),
            (place.wholeChat.of(person: "42"), "telegram/1/-100/@42"),
        ])
    func textForm(_ key: ConversationKey, _ text: String) {
        #expect(key.description == text)
        #expect(ConversationKey(text) == key)
    }

    @Test(arguments: ["", "telegram/1", "telegram/1/", "telegram/1/2/", "telegram/1/2/@", "telegram/1/2/3/4"])
    func otherTextsAreNoKeys(_ text: String) { #expect(ConversationKey(text) == nil) }

    @Test func whoseIdCannotBeReadBackHasEverybodysConversation() {
        #expect(Self.place.of(person: "a/b") == Self.place && Self.place.of(person: "") == Self.place)
        #expect(Self.place.of(person: "42").of(person: nil) == Self.place)
        #expect(Self.place.of(person: "42").wholeChat == Self.place.wholeChat)
    }

    @Test func aChatThatMovesTakesEachPersonsConversationWithIt() {
        let move = ChatMove("-100", to: "-200", platform: .telegram, account: "1")
        #expect(move.newName(of: Self.place.of(person: "42"))?.description == "telegram/1/-200/7/@42")
    }
}
