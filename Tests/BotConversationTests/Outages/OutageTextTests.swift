import Testing

@testable import BotConversation

struct OutageTextTests {
    @Test(
        arguments: [
            (
                OutageWatch.Notice.Kind.began(.unauthorized, failures: 1, over: .zero),
                """
                openai does not accept my key, so it answers nobody. Please check the key in my configuration and start me \
                again. I tell you when it works again.
                """
            ),
            (
                .began(.network, failures: 4, over: .seconds(240)),
                """
                I cannot reach openai. The last 4 requests failed, over 4 minutes. Please check its address, whether it runs, and \
                this machine's network. I tell you when it works again.
                """
            ),
            (
                .lasts(.quotaExceeded, since: .seconds(86_400)),
                """
                It has been so for 24 hours: openai has no quota left for me, so it answers nobody. Please top up the account \
                there.
                """
            ),
            (.over(.seconds(3600)), "openai works again. It did not for 1 hour."),
        ])
    func saysItInPlainWords(kind: OutageWatch.Notice.Kind, text: String) {
        #expect(OutageText.text(OutageWatch.Notice(kind: kind, server: "openai", model: "openai/gpt-5")) == text)
    }

    @Test func namesAModelThatIsNotThere() {
        let notice = OutageWatch.Notice(
            kind: .began(.unknownModel, failures: 1, over: .zero), server: "openai", model: "openai/gpt-9")
        #expect(OutageText.text(notice).hasPrefix("The model openai/gpt-9 does not exist"))
    }
}
