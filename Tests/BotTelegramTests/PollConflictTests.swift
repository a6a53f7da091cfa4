import BotCore
import Testing

@testable import BotTelegram

/// Other programs that receive with the same token.
struct PollConflictTests {
    @Test("T10: another poller is a conflict, tried again for ever between 3 and 60 s")
    func waitsOutAConflict() {
        let machine = PollMachineTests.polling()
        let conflict = PollMachineTests.refusal(
            409, "Conflict: terminated by other getUpdates request; make sure that only one ...")
        var waits: [Duration] = []
        for attempt in 0..<12 {
            let step = machine.handle(conflict, random: 0.999)
            guard case .wait(let span) = step.activity else {
                Issue.record("no wait")
                return
            }
            waits.append(span)
            #expect((step.report == nil) == (attempt > 0))
            _ = machine.handle(.waited)
        }
        #expect(waits.allSatisfy { $0 >= .seconds(3) && $0 <= .seconds(60) })
        #expect(waits[0] <= .seconds(6))
        #expect(waits[11] > .seconds(59))
        let step = machine.handle(.updates([], after: .seconds(3)))
        #expect(step.report == .connected(PollMachineTests.bot))
    }

    @Test("T10: a webhook is deleted again, but not in a loop")
    func deletesAWebhookAFewTimes() {
        let machine = PollMachineTests.polling()
        let webhook = PollMachineTests.refusal(
            409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        for _ in 0..<PollMachine.webhookDeletions {
            #expect(machine.handle(webhook).activity == .call(.deleteWebhook, deadline: .seconds(30)))
            #expect(machine.handle(.webhookDeleted).activity == PollMachineTests.poll(42))
        }
        let step = machine.handle(webhook, random: 0)
        #expect(step.activity == .wait(.seconds(3)))
        guard case .down(let trouble, _) = step.report else {
            Issue.record("no report")
            return
        }
        #expect(trouble.state == .conflict)
    }

    @Test("T10: two programs that take turns are one lasting conflict, and not one a minute")
    func tellsALastingConflictOnce() {
        let machine = PollMachineTests.polling()
        let conflict = PollMachineTests.refusal(409, "Conflict: terminated by other getUpdates request")
        var reports: [PollMachine.Report] = []
        var waits: [Duration] = []
        for _ in 0..<12 {
            let step = machine.handle(conflict, random: 0.999)
            if let report = step.report { reports.append(report) }
            if case .wait(let span) = step.activity { waits.append(span) }
            _ = machine.handle(.waited)
            if let report = machine.handle(.updates([], after: .seconds(3))).report { reports.append(report) }
        }
        // The first one looked like a restart that overlaps; then it is known for what it is.
        #expect(reports.count == 3)
        #expect(reports.filter { $0 == .connected(PollMachineTests.bot) }.count == 1)
        #expect(!machine.isConnected)
        #expect((waits.last ?? .zero) > .seconds(59))
        // Left alone for long enough, all is well.
        for _ in 0..<28 { #expect(machine.handle(.updates([], after: .seconds(3))).report == nil) }
        #expect(machine.handle(.updates([], after: .seconds(3))).report == .connected(PollMachineTests.bot))
        #expect(machine.isConnected)
        #expect(machine.handle(conflict, random: 0).activity == .wait(.seconds(3)))
    }

    @Test("T10: a webhook that comes back between polls is not deleted for ever")
    func givesUpOnAWebhookThatComesBack() {
        let machine = PollMachineTests.polling()
        let webhook = PollMachineTests.refusal(
            409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        var deletions = 0
        for _ in 0..<20 {
            let step = machine.handle(webhook)
            if step.activity == .call(.deleteWebhook, deadline: .seconds(30)) {
                deletions += 1
                _ = machine.handle(.webhookDeleted)
            } else {
                _ = machine.handle(.waited)
            }
            _ = machine.handle(.updates([], after: .seconds(3)))
        }
        #expect(deletions == PollMachine.webhookDeletions)
        for _ in 0..<12 { _ = machine.handle(.updates([], after: .seconds(50))) }
        #expect(machine.handle(webhook).activity == .call(.deleteWebhook, deadline: .seconds(30)))
    }
}
