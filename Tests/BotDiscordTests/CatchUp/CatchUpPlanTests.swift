import BotCore
import Foundation
import Testing

@testable import BotDiscord

struct CatchUpPlanTests {
    private static let now = Timestamp(rawValue: 1_790_000_000_000)

    @Test("an id tells when its message was written")
    func snowflakes() {
        // The example of Discord's Reference, "Snowflakes".
        #expect(Snowflake.moment(of: 175_928_847_299_117_063) == Timestamp(rawValue: 1_462_015_105_796))
        #expect(Snowflake.first(at: Timestamp(rawValue: 1_462_015_105_796)) == (175_928_847_299_117_063 >> 22) << 22)
    }

    @Test("D15: it looks back a little further than what was seen, and a day at most")
    func reach() {
        let hour = Snowflake.first(at: Self.now - .seconds(3600))
        let plan = CatchUpPlan(seen: hour + 77, channels: ["1"], at: Self.now)
        #expect(plan.after(in: "1") == Snowflake.first(at: Self.now - .seconds(3660)))
        let week = Snowflake.first(at: Self.now - .seconds(7 * 86_400))
        #expect(
            CatchUpPlan(seen: week, channels: [], at: Self.now).after(in: "1")
                == Snowflake.first(at: Self.now - .seconds(86_400)))
    }

    @Test("channels come in order, those that failed later, and not for ever")
    func order() {
        var plan = CatchUpPlan(seen: 1, channels: ["1", "2", "3"], at: Self.now)
        #expect(plan.next?.channel == "1")
        let isKept = plan.postpone("1", until: .seconds(5))
        #expect(isKept)
        #expect(plan.next?.channel == "2")
        #expect(plan.finish("2").isEmpty && plan.finish("3").isEmpty)
        #expect(plan.next?.channel == "1" && plan.next?.at == .seconds(5))
        #expect(plan.moment(of: "1") == .seconds(5) && plan.moment(of: "2") == nil && !plan.isDone)
        var tries = 2
        while plan.postpone("1", until: .seconds(5)) { tries += 1 }
        #expect(tries == CatchUpPlan.attempts)
        #expect(!plan.isDone, "whoever gives it up takes what was held back there")
        #expect(plan.finish("1").isEmpty)
        #expect(plan.isDone)
    }

    @Test("D34: all wait together, and it counts for none of them")
    func allWait() {
        var plan = CatchUpPlan(seen: 1, channels: ["1", "2"], at: Self.now)
        let isKept = plan.postpone("1", until: .seconds(9))
        #expect(isKept)
        for _ in 0..<(2 * CatchUpPlan.attempts) { plan.postponeAll(until: .seconds(5)) }
        #expect(plan.moment(of: "1") == .seconds(9) && plan.moment(of: "2") == .seconds(5))
        let isKeptStill = plan.postpone("2", until: .seconds(6))
        #expect(isKeptStill)
        #expect(plan.next?.channel == "2" && plan.next?.at == .seconds(6))
    }

    @Test("D6: a plan that another loss cuts short goes on, and what it had looked through begins at the newer place")
    func unfinished() {
        func id(_ seconds: Int) -> Int64 { Snowflake.first(at: Self.now - .seconds(seconds)) }
        var first = CatchUpPlan(seen: id(3600), channels: ["1", "2", "3"], at: Self.now)
        #expect(first.finish("1").isEmpty)
        first.add("4")
        let second = CatchUpPlan(seen: id(600), channels: ["1", "2"], unfinished: first, at: Self.now)
        #expect(second.after(in: "1") == id(660))
        for channel in ["2", "3", "4"] {
            #expect(second.after(in: channel) == id(3660))
            #expect(second.moment(of: channel) == .zero)
        }
        // A third loss takes nothing back.
        let third = CatchUpPlan(seen: id(60), channels: ["1", "2"], unfinished: second, at: Self.now)
        #expect(third.after(in: "1") == id(660))
        #expect(third.after(in: "3") == id(3660))
        // What a day has gone over is looked for no more.
        let late = CatchUpPlan(seen: id(60), channels: [], unfinished: first, at: Self.now + .seconds(86_400))
        #expect(late.after(in: "2") == Snowflake.first(at: Self.now))
    }

    private func server(_ id: String, isDown: Bool = false, newest: [String: Int64]) throws -> DiscordServer {
        let channels = newest.map { #"{"id":"\#($0)","type":0,"last_message_id":"\#($1)"}"# }.joined(separator: ",")
        let json = #"{"id":"\#(id)","unavailable":\#(isDown),"channels":[\#(channels)]}"#
        return try JSONDecoder().decode(DiscordServer.self, from: Data(json.utf8))
    }

    @Test("D6: servers that are waited for tell once what comes behind the channels that are known")
    func servers() throws {
        func id(_ seconds: Int) -> Int64 { Snowflake.first(at: Self.now - .seconds(seconds)) }
        var plan = CatchUpPlan(seen: id(600), channels: ["1"], servers: ["7", "8"], at: Self.now)
        plan.add(try server("6", newest: ["60": id(1)]), me: "100", upTo: 9)
        let seven = try server("7", newest: ["1": id(1), "2": id(20), "3": id(10), "4": id(900)])
        plan.add(try server("7", isDown: true, newest: [:]), me: "100", upTo: 9)
        plan.add(seven, me: "100", upTo: 9)
        #expect(["1", "3", "2"].allSatisfy { plan.next?.channel == $0 && plan.finish($0).isEmpty })
        #expect(plan.next == nil && !plan.isDone)
        plan.add(seven, me: "100", upTo: 9)
        #expect(plan.next == nil)
        plan.add(try server("8", newest: ["80": id(1), "81": id(2), "82": id(3)]), me: "100", upTo: 2)
        #expect(plan.finish("80").isEmpty && plan.finish("81").isEmpty && plan.isDone)
        var other = CatchUpPlan(seen: id(600), channels: [], servers: ["7"], at: Self.now)
        other.stopAwaiting()
        #expect(other.isDone)
    }

    @Test("D6: where the session is lost before a server has told, that goes back as far as it would have")
    func serversOverALoss() throws {
        func id(_ seconds: Int) -> Int64 { Snowflake.first(at: Self.now - .seconds(seconds)) }
        let seven = try server("7", newest: ["1": id(1)])
        for hasTold in [false, true] {
            var first = CatchUpPlan(seen: id(3600), channels: [], servers: ["7"], at: Self.now)
            if hasTold { first.add(try server("7", newest: [:]), me: "100", upTo: 9) }
            var second = CatchUpPlan(
                seen: id(600), channels: ["2"], servers: ["7"], unfinished: first, at: Self.now)
            second.add(seven, me: "100", upTo: 9)
            #expect(second.after(in: "1") == id(hasTold ? 660 : 3660))
            #expect(second.after(in: "2") == id(660))
        }
    }

    @Test(
        "D6: what is written in a channel that is still to be looked through is kept back for its place, over a next loss too"
    )
    func heldBack() throws {
        func message(_ id: String, in channel: String) throws -> DiscordMessage {
            let json =
                #"{"id":"\#(id)","channel_id":"\#(channel)","type":0,"author":{"id":"42","username":"ada"},"content":"x"}"#
            return try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
        }
        var plan = CatchUpPlan(seen: 1, channels: ["1", "2", "3"], at: Self.now)
        for number in 1...50 { #expect(plan.hold(try message("\(number)", in: "1")) == nil) }
        #expect(plan.hold(try message("51", in: "1"))?.count == 50, "none is lost")
        for number in 52...55 { #expect(plan.hold(try message("\(number)", in: "1")) == nil) }
        plan.change("53", in: "1", to: nil)
        plan.change("54", in: "1", to: try message("540", in: "1"))
        #expect(plan.hold(try message("70", in: "2")) == nil)
        #expect(plan.hold(try message("80", in: "9")) == [])
        var next = CatchUpPlan(seen: 1, channels: ["3"], unfinished: plan, at: Self.now)
        #expect(next.finish("1").map(\.id) == ["52", "540", "55"])
        #expect(next.finish("9").isEmpty)
        #expect(next.finishAll().map(\.id) == ["70"])
        #expect(next.isDone)
    }
}
