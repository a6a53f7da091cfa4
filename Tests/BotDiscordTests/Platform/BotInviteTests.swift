import Testing

@testable import BotDiscord

struct BotInviteTests {
    @Test("The invitation asks for what the bot does, and for nothing else", arguments: [false, true])
    func invites(answersInThread: Bool) {
        // View Channel, Send Messages, Read Message History, Send Messages in Threads; Create Public Threads where that is wished.
        let bits = 1024 + 2048 + 65536 + 274_877_906_944 + (answersInThread ? 34_359_738_368 : 0)
        #expect(
            BotInvite.url(application: "77", answersInThread: answersInThread)
                == "https://discord.com/oauth2/authorize?client_id=77&scope=bot+applications.commands&permissions=\(bits)"
        )
    }
}
