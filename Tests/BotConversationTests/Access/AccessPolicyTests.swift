import BotCore
import Testing

@testable import BotConversation

struct AccessPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let allow: [String]
        var owners: [String] = []
        var admins: [String] = []
        var members: [String] = []
        var blocked: [String] = []
        var lists = AccessLists()
        var speaker = Speaker(id: "7", name: "Ada", roles: ["1011"])
        var platform = Platform.telegram
        var scope = ChatScope.direct
        let standing: AccessStanding

        var testDescription: String {
            "\(allow) \(lists) \(owners) \(admins) \(members) \(blocked) \(platform) \(scope) -> \(standing)"
        }
    }

    private static let group = ChatScope.shared(space: "telegram:chat:-100123", title: "Crew")
    private static let guild = ChatScope.shared(space: "discord:guild:789", title: "Server")

    /// An owner or admin who is named in `access.allow` too stays what they are; what is configured stands above a stored member or block.
    @Test(arguments: [
        (AccessRole.owner, AccessStanding.owner), (.admin, .admin), (.member, .member), (.blocked, .member),
    ])
    func beingLetInTakesNothing(stored: AccessRole, standing: AccessStanding) {
        let grant = AccessGrant(
            entry: "telegram:7", role: stored, name: "", grantedBy: "test", grantedAt: Timestamp(rawValue: 1))
        let policy = AccessPolicy(AccessLists(allow: ["telegram:7"]), grants: [grant])
        #expect(policy.standing(of: Speaker(id: "7", name: "Ada"), on: .telegram, in: .direct) == standing)
    }

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
            Case(allow: ["telegram:chat:-100123"], scope: group, standing: .guest),
            Case(allow: ["telegram:chat:-100123"], standing: .stranger),
            Case(allow: ["telegram:chat:-100999"], scope: group, standing: .stranger),
            // An id that is spelt as an entry of another kind gives nothing.
            Case(
                allow: ["telegram:chat:-100123"], speaker: Speaker(id: "chat:-100123", name: ""), standing: .stranger),
            Case(allow: ["discord:guild:789"], platform: .discord, scope: guild, standing: .guest),
            Case(allow: ["discord:role:1011"], platform: .discord, scope: guild, standing: .guest),
            Case(allow: ["discord:role:1012"], platform: .discord, scope: guild, standing: .stranger),
            Case(allow: ["discord:role:1011"], platform: .telegram, scope: group, standing: .stranger),
            Case(allow: [], owners: ["telegram:7"], standing: .owner),
            Case(allow: ["*"], owners: ["telegram:7"], scope: group, standing: .owner),
            Case(allow: [], owners: ["telegram:8"], standing: .stranger),
            Case(allow: [], members: ["telegram:7"], standing: .member),
            Case(allow: [], members: ["telegram:chat:-100123"], scope: group, standing: .guest),
            Case(allow: [], admins: ["telegram:7"], standing: .admin),
            Case(allow: ["telegram:7"], lists: AccessLists(admins: ["telegram:7"]), standing: .admin),
            Case(allow: [], lists: AccessLists(owners: ["telegram:7"]), scope: group, standing: .owner),
            // A block beats whatever lets in, and of a person, also admins.
            Case(allow: ["*"], blocked: ["telegram:7"], standing: .blocked),
            Case(allow: ["telegram:7", "*"], lists: AccessLists(block: ["telegram:7"]), standing: .blocked),
            Case(allow: [], admins: ["telegram:7"], lists: AccessLists(block: ["telegram:7"]), standing: .blocked),
            Case(allow: ["telegram:chat:-100123"], blocked: ["telegram:7"], scope: group, standing: .blocked),
            Case(allow: ["telegram:7"], blocked: ["telegram:chat:-100123"], scope: group, standing: .blocked),
            Case(allow: ["telegram:7"], blocked: ["telegram:chat:-100123"], standing: .member),
            Case(allow: ["*"], blocked: ["discord:role:1011"], platform: .discord, scope: guild, standing: .blocked),
            Case(
                allow: [], admins: ["discord:7"], blocked: ["discord:guild:789"], platform: .discord, scope: guild,
                standing: .admin),
            Case(allow: [], owners: ["telegram:7"], blocked: ["telegram:chat:-100123"], scope: group, standing: .owner),
            // The configuration stands above what was decided in chats.
            Case(allow: ["telegram:7"], blocked: ["telegram:7"], standing: .member),
            Case(allow: [], members: ["telegram:7"], lists: AccessLists(block: ["telegram:7"]), standing: .blocked),
            // A name is no id.
            Case(allow: ["telegram:Ada"], standing: .stranger),
            Case(allow: [], platform: .terminal, standing: .owner),
        ])
    func decides(test: Case) {
        let grants =
            test.owners.map { ($0, AccessRole.owner) } + test.admins.map { ($0, AccessRole.admin) }
            + test.members.map { ($0, AccessRole.member) } + test.blocked.map { ($0, AccessRole.blocked) }
        var lists = test.lists
        lists.allow = test.allow
        let policy = AccessPolicy(
            lists,
            grants: grants.map {
                AccessGrant(
                    entry: $0.0, role: $0.1, name: "", grantedBy: "pairing", grantedAt: Timestamp(rawValue: 1))
            })
        #expect(policy.standing(of: test.speaker, on: test.platform, in: test.scope) == test.standing)
    }

    @Test func closedWhileNobodyIsNamed() {
        func isClosed(_ lists: AccessLists, _ role: AccessRole? = nil) -> Bool {
            let grants = [role].compactMap(\.self).map {
                AccessGrant(
                    entry: "telegram:7", role: $0, name: "", grantedBy: "pairing", grantedAt: Timestamp(rawValue: 1))
            }
            return AccessPolicy(lists, grants: grants).isClosedToAll
        }
        #expect(isClosed(AccessLists()))
        #expect(isClosed(AccessLists(block: ["telegram:8"]), .blocked))
        #expect(!isClosed(AccessLists(allow: ["*"])))
        #expect(!isClosed(AccessLists(owners: ["telegram:8"])))
        for role in [AccessRole.owner, .admin, .member] { #expect(!isClosed(AccessLists(), role)) }
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
