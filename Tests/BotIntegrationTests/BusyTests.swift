import BotCore
import BotTestSupport
import Testing

/// What people see of messages that they send while the bot is busy.
@Suite(.timeLimit(.minutes(5)))
struct BusyTests {
    @Test("a message that waits is marked while it does, and answered, also where a group allows no marks")
    func marksWhatWaits() async throws {
        try await AppWorld.with { world in
            try await world.running { app in
                let ada = world.telegram.user(AppWorld.people[0])
                let chats = [ada.id, AppWorld.group]
                world.telegram.endReactions(in: AppWorld.group)
                let gates = chats.map { _ in Gate(isOpen: false) }
                for (chat, gate) in zip(chats, gates) {
                    let group = chat == ada.id ? nil : chat
                    let mention = group == nil ? "" : "@\(world.telegram.username) "
                    world.model.script(.held("one and only one", by: gate), ModelAnswer("two"))
                    ada.say("\(mention)first", in: group)
                    try await world.telegram.until { _ in world.model.calls.last?.question?.contains("first") == true }
                    let second = ada.say("\(mention)second", in: group)
                    try await world.telegram.until { fake in
                        fake.requests("setMessageReaction").contains { $0.integer("message_id") == second }
                    }
                    if group == nil {
                        try await world.telegram.until { $0.reaction(on: second) == "\u{1F440}" }
                    }
                    gate.set(open: true)
                    try await world.telegram.until { fake in
                        let texts = fake.sent(in: chat).map(\.text)
                        return texts.count == 2 && texts.last == "two"
                    }
                    try await world.telegram.until { $0.reaction(on: second) == nil }
                    try await app.untilAllIsHandled()
                    #expect(world.telegram.sent(in: chat).map(\.text) == ["one and only one", "two"])
                }
            }
        }
    }
}
