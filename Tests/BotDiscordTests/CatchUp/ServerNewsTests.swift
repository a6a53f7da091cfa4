import Foundation
import Testing

@testable import BotDiscord

/// Where in a server something was written that the bot may read.
struct ServerNewsTests {
    private static let bot = "100"
    private static let view = 1 << 10
    private static let history = 1 << 16
    private static let connect = 1 << 20

    /// A server 7 whose members may all do the same; the bot has the roles 8 and 9.
    private func server(
        everyone: Int = view | history, role: Int = 0, owner: String = "1", channels: String, threads: String = "[]"
    ) throws -> DiscordServer {
        let json = """
            {"id":"7","name":"Crew","owner_id":"\(owner)","channels":\(channels),"threads":\(threads),
             "roles":[{"id":"7","name":"@everyone","permissions":"\(everyone)"},
                      {"id":"8","name":"a","permissions":"\(role)"},{"id":"9","name":"b","permissions":"0"},
                      {"id":"6","name":"of others","permissions":"8"}],
             "members":[{"user":{"id":"55"},"roles":["6"]},{"user":{"id":"100"},"roles":["8","9"]}]}
            """
        return try JSONDecoder().decode(DiscordServer.self, from: Data(json.utf8))
    }

    private func channel(_ id: Int, newest: Int, type: Int = 0, _ overwrites: String...) -> String {
        #"{"id":"\#(id)","type":\#(type),"parent_id":null,"last_message_id":"\#(newest)","#
            + #""permission_overwrites":[\#(overwrites.joined(separator: ","))]}"#
    }

    private static func overwrite(_ id: String, allow: Int = 0, deny: Int = 0) -> String {
        #"{"id":"\#(id)","type":0,"allow":"\#(allow)","deny":"\#(deny)"}"#
    }

    @Test("D6: places with messages after the given one, those with the newest first")
    func newest() throws {
        let channels = [
            channel(1, newest: 50), channel(2, newest: 51), channel(3, newest: 70, type: 5),
            channel(4, newest: 90, type: 15), channel(5, newest: 91, type: 4),
            #"{"id":"10","type":0,"last_message_id":null}"#, #"{"id":"11","type":0}"#, #"{"type":"none"}"#,
        ]
        let threads = #"[{"id":"20","type":11,"parent_id":"4","last_message_id":"90"}]"#
        let told = try server(channels: "[\(channels.joined(separator: ","))]", threads: threads)
        #expect(told.places(withNewsAfter: 50, for: Self.bot) == ["20", "3", "2"])
        #expect(told.threads.map(\.id) == ["20"])
    }

    /// What decides whether channel 1 may be read.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var everyone = view | history
        var role = 0
        var owner = "1"
        var type = 0
        var overwrites: [String] = []
        let mayRead: Bool
    }

    private static let cases = [
        Case(testDescription: "all may", mayRead: true),
        Case(testDescription: "nobody may see", everyone: history, mayRead: false),
        Case(testDescription: "nobody may read what was", everyone: view, mayRead: false),
        Case(testDescription: "a role may", everyone: 0, role: view | history, mayRead: true),
        Case(testDescription: "it is hidden", overwrites: [overwrite("7", deny: view)], mayRead: false),
        Case(testDescription: "it is hidden from others", overwrites: [overwrite("6", deny: view)], mayRead: true),
        Case(
            testDescription: "it is hidden, and shown to a role",
            overwrites: [overwrite("8", allow: view), overwrite("7", deny: view)], mayRead: true),
        Case(
            testDescription: "of two roles one permits it",
            overwrites: [overwrite("8", allow: view), overwrite("9", deny: view)], mayRead: true),
        Case(
            testDescription: "a role permits it and the member is kept out",
            overwrites: [overwrite("100", deny: view), overwrite("8", allow: view)], mayRead: false),
        Case(
            testDescription: "a role is kept out and the member let in",
            overwrites: [overwrite("100", allow: view), overwrite("8", deny: view)], mayRead: true),
        Case(
            testDescription: "an administrator may all", role: 1 << 3, overwrites: [overwrite("100", deny: view)],
            mayRead: true),
        Case(testDescription: "the owner may all", everyone: 0, owner: bot, mayRead: true),
        Case(testDescription: "a voice channel where it may not enter", type: 2, mayRead: false),
        Case(
            testDescription: "a voice channel", everyone: view | history | connect, type: 2, mayRead: true),
    ]

    @Test("D19: what may not be read is not asked for", arguments: cases)
    func readable(_ example: Case) throws {
        let channel =
            #"{"id":"1","type":\#(example.type),"last_message_id":"60","#
            + #""permission_overwrites":[\#(example.overwrites.joined(separator: ","))]}"#
        let told = try server(
            everyone: example.everyone, role: example.role, owner: example.owner, channels: "[\(channel)]",
            threads: #"[{"id":"2","type":12,"parent_id":"1","last_message_id":"61"}]"#)
        #expect(told.places(withNewsAfter: 50, for: Self.bot) == (example.mayRead ? ["2", "1"] : []))
    }

    @Test("D19: of a member whom the server does not tell of nothing is known: Discord decides")
    func unknownMember() throws {
        let told = try server(everyone: 0, channels: "[\(channel(1, newest: 60))]")
        #expect(told.places(withNewsAfter: 50, for: "101") == ["1"])
    }
}
