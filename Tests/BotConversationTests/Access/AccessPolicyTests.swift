import BotCore
import Testing

@testable import BotConversation

struct AccessPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let allow: [String]
        var owners: [String] = []
        var members: [String] = []
        var speaker = Speaker(id: "7", name: "Ada", roles: ["1011"])
        var platform = Platform.telegram
        var scope = ChatScope.direct
        let standing: AccessStanding

        var testDescription: String { "\(allow) \(owners) \(members) \(platform) \(scope) -> \(standing)" }
    }

    private static let group = ChatScope.shared(space: "telegram:chat:-100123", title: "Crew")
    private static let guild = ChatScope.shared(space: "discord:guild:789", title: "Server")

    @Test(
        "S7: who is let in",
        arguments: [
            Case(allow: [], standing: .stranger),
            Case(allow: ["*"], standing: .member),
            Case(allow: ["telegram:7"], standing: .member),
            Case(allow: ["telegram:7"], scope: group, standing: .member),
            Case(allow: ["telegram:8"], standing: .stranger),
            Case(allow: ["discord:7"], standing: .stranger),
            Case(allow: ["7"], standing: .stranger),
            Case(allow: ["telegram:"], speaker: Speaker(id: "", name: ""), standing: .stranger),
            Case(allow: ["telegram:chat:-100123"], scope: group, standing: .member),
            Case(allow: ["telegram:chat:-100123"], standing: .stranger),
            Case(allow: ["telegram:chat:-100999"], scope: group, standing: .stranger),
            // An id that is spelt as an entry of another kind gives nothing.
            Case(
                allow: ["telegram:chat:-100123"], speaker: Speaker(id: "chat:-100123", name: ""), standing: .stranger),
            Case(allow: ["discord:guild:789"], platform: .discord, scope: guild, standing: .member),
            Case(allow: ["discord:role:1011"], platform: .discord, scope: guild, standing: .member),
            Case(allow: ["discord:role:1012"], platform: .discord, scope: guild, standing: .stranger),
            Case(allow: ["discord:role:1011"], platform: .telegram, scope: group, standing: .stranger),
            Case(allow: [], owners: ["telegram:7"], standing: .owner),
            Case(allow: ["*"], owners: ["telegram:7"], scope: group, standing: .owner),
            Case(allow: [], owners: ["telegram:8"], standing: .stranger),
            Case(allow: [], members: ["telegram:7"], standing: .member),
            Case(allow: [], members: ["telegram:chat:-100123"], scope: group, standing: .member),
            // A name is no id.
            Case(allow: ["telegram:Ada"], standing: .stranger),
            Case(allow: [], platform: .terminal, standing: .owner),
        ])
    func decides(test: Case) {
        let grants =
            test.owners.map { ($0, AccessRole.owner) } + test.members.map { ($0, AccessRole.member) }
        let policy = AccessPolicy(
            allow: test.allow,
            grants: grants.map {
                AccessGrant(
                    entry: $0.0, role: $0.1, name: "", grantedBy: "pairing", grantedAt: Timestamp(rawValue: 1))
            })
        #expect(policy.standing(of: test.speaker, on: test.platform, in: test.scope) == test.standing)
        #expect(policy.isClosedToAll == (test.allow.isEmpty && grants.isEmpty))
    }

    @Test(arguments: [
        ("*", true), ("telegram:123", true), ("telegram:-100123", true), ("telegram:chat:-100123", true),
        ("discord:456", true), ("discord:guild:789", true), ("discord:role:1011", true), ("", false), ("123", false),
        ("telegram:", false), ("telegram:@ada", false), ("telegram:guild:1", false), ("discord:chat:1", false),
        ("matrix:1", false), ("telegram:chat:1:2", false), ("discord: 1", false), ("telegram:-", false),
    ])
    func knowsEntries(text: String, isWellFormed: Bool) {
        #expect(AccessEntry.isWellFormed(text) == isWellFormed)
    }
}
