import BotConversation
import BotCore
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PeopleListTests {
    private static func grant(_ entry: String, _ role: AccessRole) -> AccessGrant {
        AccessGrant(
            entry: entry, role: role, name: "Ada", grantedBy: "pairing", grantedAt: Timestamp(rawValue: 1))
    }

    private static func shown(_ lists: AccessLists, _ grants: [AccessGrant]) -> [String] {
        PeopleList.lines(lists, grants).map { "\($0.entry) \($0.role.rawValue) by \($0.by)" }
    }

    @Test func eachEntryIsShownOnceAsWhatItIs() {
        let lists = AccessLists(
            allow: ["telegram:1", "telegram:2", "telegram:3"], admins: ["telegram:2"], block: ["telegram:4"])
        let grants = [
            Self.grant("telegram:1", .owner), Self.grant("telegram:3", .blocked), Self.grant("telegram:4", .member),
            Self.grant("telegram:5", .member),
        ]
        #expect(
            Self.shown(lists, grants) == [
                "telegram:2 admin by access.admins", "telegram:3 member by access.allow",
                "telegram:4 blocked by access.block", "telegram:1 owner by pairing", "telegram:5 member by pairing",
            ])
    }

    @Test func nobodyMayTalkUntilSomebodySaysSo() { #expect(PeopleList.lines(AccessLists(), []).isEmpty) }
}
