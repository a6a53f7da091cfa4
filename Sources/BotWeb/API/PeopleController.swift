package import BotCore
import Hummingbird

/// `GET /api/people`: who may talk, what holds for them, and what has been spent. It only shows: what grants rights is not reachable here.
struct PeopleController: Sendable {
    let report: @Sendable () async throws(StoreError) -> PeopleReport

    func addRoutes(to router: Router<BasicRequestContext>) {
        router.get("/api/people") { _, _ in Response.json(Success(data: try await report())) }
    }
}

/// Who may talk, what holds for them, and what has been spent, as JSON.
package struct PeopleReport: Sendable, Encodable {
    /// Somebody, or all in some place, with what they may do.
    package struct Person: Sendable, Encodable {
        /// As `telegram:123`.
        let entry: String
        let name: String
        /// As `owner`.
        let role: String
        /// Milliseconds since 1970; nil where the configuration says it.
        let since: Int64?
        /// Who has decided it: an entry, or a key of the configuration.
        let by: String

        package init(entry: String, name: String, role: String, since: Timestamp?, by: String) {
            self.entry = entry
            self.name = name
            self.role = role
            self.since = since?.rawValue
            self.by = by
        }
    }

    /// One rule: what it is about, and what it says, in words.
    package struct Rule: Sendable, Encodable {
        let name: String
        let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What was spent of one budget.
    package struct Budget: Sendable, Encodable {
        let name: String
        /// In words, as `34,567 tokens`.
        let spent: String
        /// What may be spent; nil where nothing is set.
        let cap: String?

        package init(name: String, spent: String, cap: String?) {
            self.name = name
            self.spent = spent
            self.cap = cap
        }
    }

    let people: [Person]
    /// Those who have asked and wait for a decision.
    let waiting: [Person]
    let rules: [Rule]
    let budgets: [Budget]

    package init(people: [Person], waiting: [Person], rules: [Rule], budgets: [Budget]) {
        self.people = people
        self.waiting = waiting
        self.rules = rules
        self.budgets = budgets
    }
}
