import BotCore
import Hummingbird

/// `GET /api/health`: whether the database can be written, and the state and age of each link.
struct HealthController: Sendable {
    /// The name of the database's entry in the link monitor.
    static let storeLink = "store"

    let links: LinkMonitor
    let about: @Sendable () -> AboutBot

    func addRoutes(to router: Router<BasicRequestContext>) {
        router.get("/api/health") { _, _ in health() }
    }

    private func health() -> Response {
        let all = links.all
        let storeFails = all[Self.storeLink]?.state == .failed
        let about = about()
        let body = Body(
            status: storeFails ? "failing" : "ok", version: about.version, model: about.model,
            store: Body.Store(state: storeFails ? "failed" : "ok", problem: all[Self.storeLink]?.problem),
            links: all.filter { $0.key != Self.storeLink }.reduce(into: [:]) { bodies, link in
                bodies[link.key] = Body.Link(
                    state: link.value.state.rawValue, ageMilliseconds: links.age(of: link.value).milliseconds,
                    problem: link.value.problem, invite: about.invites[link.key])
            })
        return .json(body, status: storeFails ? .serviceUnavailable : .ok)
    }

    private struct Body: Encodable {
        struct Link: Encodable {
            let state: String
            /// Milliseconds since the link was last seen to work.
            let ageMilliseconds: Int64
            let problem: String?
            /// Where the bot is invited into servers.
            let invite: String?

            private enum CodingKeys: String, CodingKey {
                case state, problem, invite
                case ageMilliseconds = "age_ms"
            }
        }
        struct Store: Encodable {
            let state: String
            let problem: String?
        }
        let status: String
        let version: String
        let model: String
        let store: Store
        let links: [String: Link]
    }
}

/// What the page and health say about the bot itself.
package struct AboutBot: Sendable {
    package let version: String
    /// The model that answers, as `openai/gpt-5`.
    package let model: String
    /// The links that bring the bot into servers, by the names of the platforms' links.
    package let invites: [String: String]

    package init(version: String, model: String, invites: [String: String] = [:]) {
        self.version = version
        self.model = model
        self.invites = invites
    }
}
