import BotCore
import Testing

@testable import BotConversation

struct PeopleTargetTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        var arguments = ""
        var references: [PersonReference] = []
        var isShared = true
        var platform = Platform.telegram
        let subject: PeopleTarget.Subject
        var asAdmin = false

        var testDescription: String { "\(platform) \(isShared) '\(arguments)' \(references.map(\.name))" }
    }

    private static let bob = PersonReference(entry: "telegram:8", name: "Bob")
    private static let here = PeopleTarget.Subject.here(space: "telegram:chat:-1", title: "Crew")

    private static let cases = [
        Case(subject: here),
        Case(isShared: false, subject: .none),
        Case(references: [bob], subject: .entry("telegram:8", name: "Bob")),
        Case(references: [bob], isShared: false, subject: .entry("telegram:8", name: "Bob")),
        Case(arguments: "@Bob", references: [bob], subject: .entry("telegram:8", name: "Bob")),
        // What somebody calls themselves makes nobody an admin.
        Case(
            arguments: "@admin", references: [PersonReference(entry: "telegram:8", name: "admin")],
            subject: .entry("telegram:8", name: "admin")),
        Case(arguments: "@Bob admin", references: [bob], subject: .entry("telegram:8", name: "Bob")),
        Case(arguments: "admin @Bob", references: [bob], subject: .entry("telegram:8", name: "Bob"), asAdmin: true),
        Case(arguments: "admin", references: [bob], subject: .entry("telegram:8", name: "Bob"), asAdmin: true),
        Case(arguments: "ADMIN telegram:8", subject: .entry("telegram:8", name: ""), asAdmin: true),
        Case(arguments: "telegram:8", subject: .entry("telegram:8", name: "")),
        Case(arguments: "Discord:Role:55", isShared: false, subject: .entry("discord:role:55", name: "")),
        // The whole group is never meant where somebody else is.
        Case(references: [PersonReference(entry: nil, name: "A channel")], subject: .unknown),
        Case(references: [bob, PersonReference(entry: "telegram:9", name: "Eve")], subject: .unknown),
        Case(references: [bob, bob], subject: .entry("telegram:8", name: "Bob")),
        Case(arguments: "@bob", subject: .unknown),
        Case(arguments: "telegram:8 telegram:9", subject: .unknown),
        Case(arguments: "*", subject: .unknown),
        Case(arguments: "<@8>", subject: .unknown),
        Case(arguments: "<@8>", platform: .discord, subject: .entry("discord:8", name: "")),
        Case(arguments: "<@!8>", platform: .discord, subject: .entry("discord:8", name: "")),
        Case(arguments: "<@&55>", platform: .discord, subject: .entry("discord:role:55", name: "")),
        Case(arguments: "<@everyone>", platform: .discord, subject: .unknown),
        Case(arguments: "<@>", platform: .discord, subject: .unknown),
    ]

    @Test("whom a command is about", arguments: cases)
    private func targets(_ test: Case) {
        let scope = test.isShared ? ChatScope.shared(space: "telegram:chat:-1", title: "Crew") : .direct
        let event = InboundEvent(
            externalID: "1", conversation: .test("-1", on: test.platform), scope: scope, isAddressed: true,
            speaker: Speaker(id: "1", name: "Owner"), receivedAt: Timestamp(rawValue: 1),
            replyAddress: ReplyAddress(rawValue: ""), body: .command(name: "allow", arguments: test.arguments),
            references: test.references)
        let target = PeopleTarget(test.arguments, of: event)
        #expect(target.subject == test.subject)
        #expect(target.asAdmin == test.asAdmin)
    }
}
