import BotConversation
import BotCore
import BotWeb

/// Puts together what the page shows of people: who may talk, and what holds for them.
struct PeopleOnPage: Sendable {
    let store: any PeopleStore & AdmissionStore
    let time: any TimeSource
    let configuration: AppConfiguration
    let budgets: BudgetKeeper

    func report() async throws(StoreError) -> PeopleReport {
        let people = PeopleList.lines(configuration.accessLists, try await store.grants()).map { line in
            PeopleReport.Person(
                entry: line.entry == AccessEntry.everyone ? "everyone" : line.entry,
                name: DisplayName.cleaned(line.name), role: line.role.rawValue, since: line.since, by: line.by)
        }
        let waiting = try await store.openAdmissions(AdmissionRules(), at: time.now).map { request in
            PeopleReport.Person(
                entry: request.entry, name: DisplayName.cleaned(request.name), role: "stranger",
                since: request.askedAt, by: "")
        }
        return PeopleReport(people: people, waiting: waiting, rules: rules, budgets: try await spent())
    }

    /// What was spent of the caps of all, and by whom the most in this month.
    private func spent() async throws(StoreError) -> [PeopleReport.Budget] {
        let caps = try await budgets.usesOfAll().map { use in
            PeopleReport.Budget(
                name: use.cap.period == .day ? "All, today" : "All, this month",
                spent: BudgetText.amount(use.used, use.cap), cap: BudgetText.amount(use.cap.limit, use.cap))
        }
        let report = try await budgets.spending()
        let lines = (report.people + report.models).map { line in
            PeopleReport.Budget(
                name: "\(line.name), this month", spent: "\(line.spent.thisMonth.allTokens.grouped) tokens", cap: nil)
        }
        return caps + lines
    }

    private var rules: [PeopleReport.Rule] {
        let groups =
            switch configuration.access.groups {
            case "all": "each message is answered"
            case "off": "nothing is answered"
            default: "what is meant for the bot is answered: by mention, reply or command"
            }
        let days = configuration.sessions.retention.map { Int($0 / .seconds(86_400)) }
        return [
            PeopleReport.Rule("Groups and channels", groups),
            PeopleReport.Rule(
                "Open to all in groups and channels",
                configuration.access.openCommands.isEmpty
                    ? "nothing: who asked, admins and administrators of the chat may stop, reset and so on"
                    : configuration.access.openCommands.map { "/\($0)" }.joined(separator: ", ")),
            PeopleReport.Rule(
                "Memory of a group or channel",
                configuration.sessions.groupScope == "person" ? "each person's own" : "shared by all in it"),
            PeopleReport.Rule("Messages are kept", days.map { "\($0) days" } ?? "until somebody deletes them"),
            PeopleReport.Rule("Questions of a person", Self.words(configuration.limits.person)),
            PeopleReport.Rule("Questions of a chat", Self.words(configuration.limits.chat)),
        ]
    }

    private static func words(_ limit: RateLimit) -> String {
        limit.burst > 0 && limit.perMinute > 0
            ? "\(limit.burst) at once, then \(limit.perMinute) a minute" : "no limit"
    }
}
