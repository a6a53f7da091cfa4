import BotConversation
import Foundation
import Testing

/// Each right of each role, in private and in shared chats. On both platforms, and in threads as in groups, the rights are the same: the
/// scope alone counts.
struct RightsTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let deed: Deed
        /// Who may, in private and in shared chats: letters of owner, admin, member, guest; `a` the author, `c` an administrator of the chat.
        let direct: String
        let shared: String

        var testDescription: String { deed.rawValue }
    }

    private static let cases = [
        Case(deed: .stop, direct: "OAMG", shared: "OAac"),
        Case(deed: .again, direct: "OAMG", shared: "OAa"),
        Case(deed: .reset, direct: "OAMG", shared: "OAc"),
        Case(deed: .undo, direct: "OAMG", shared: "OAc"),
        Case(deed: .undoReset, direct: "OAMG", shared: "OAac"),
        Case(deed: .forget, direct: "OAMG", shared: "OAc"),
        Case(deed: .export, direct: "OAMG", shared: "O"),
        Case(deed: .model, direct: "OAMG", shared: "OAc"),
        Case(deed: .people, direct: "OA", shared: "OA"),
        Case(deed: .admins, direct: "O", shared: "O"),
        Case(deed: .problems, direct: "OA", shared: "OA"),
    ]

    private static let letters: [AccessStanding: Character] = [
        .owner: "O", .admin: "A", .member: "M", .guest: "G",
    ]

    @Test("S7: who may do what, where", arguments: cases)
    private func table(_ test: Case) {
        for standing in AccessStanding.allCases {
            for isShared in [false, true] {
                let allowed = isShared ? test.shared : test.direct
                let byRole = Self.letters[standing].map(allowed.contains) ?? false
                for isAuthor in [false, true] {
                    for isAdministrator in [Bool?.none, false, true] {
                        let verdict = Rights().verdict(
                            on: test.deed, by: standing, isAuthor: isAuthor, author: "Ana",
                            isAdministrator: isAdministrator, isShared: isShared)
                        let isLetIn = Self.letters[standing] != nil
                        let otherwise =
                            isAuthor && allowed.contains("a") || isAdministrator == true && allowed.contains("c")
                        let wanted = isLetIn && (byRole || otherwise)
                        #expect((verdict == .allowed) == wanted, "\(standing) \(isShared) \(isAuthor)")
                        let asks = isLetIn && !wanted && isAdministrator == nil && allowed.contains("c")
                        #expect((verdict == .askPlatform) == asks, "\(standing) \(isShared) \(isAuthor)")
                    }
                }
            }
        }
    }

    @Test(arguments: Deed.allCases)
    func aRefusalIsOneFriendlySentenceThatSaysWhoMay(deed: Deed) {
        let verdict = Rights().verdict(
            on: deed, by: .guest, author: "Ana", isAdministrator: false, isShared: true)
        guard case .refused(let sentence) = verdict else {
            Issue.record("a guest may")
            return
        }
        #expect(sentence.lowercased().contains("only "))
        #expect(sentence.contains("owner") || sentence.contains("Ana") || sentence.contains("administrators"))
        #expect(sentence.hasSuffix(".") && !sentence.contains("\n"))
    }

    @Test func namedCommandsAreOpenToAllWhoAreLetIn() {
        let rights = Rights(open: [.reset, .stop])
        for deed in Deed.allCases {
            let verdict = rights.verdict(on: deed, by: .guest, isAdministrator: false, isShared: true)
            #expect((verdict == .allowed) == [.reset, .stop].contains(deed))
        }
        #expect(rights.verdict(on: .reset, by: .stranger, isShared: true) != .allowed)
        #expect(Set(Deed.openable.values) == [.stop, .reset, .undo, .forget, .model])
    }

    @Test func theDocumentationHasTheTable() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let article = try String(
            contentsOf: root.appending(path: "Sources/BotApp/BotApp.docc/People.md"), encoding: .utf8)
        let lines = article.split(separator: "\n").filter { $0.hasPrefix("|") }.joined(separator: "\n")
        #expect(lines.contains(RightsTable.markdown()))
    }
}
