/// A request to Discord's REST API: what is done, and which limits it falls under.
struct RESTRoute: Sendable, Hashable {
    let method: String
    /// The path below the API's base, with ids and, for interactions, the secret token. Never logged.
    let path: String
    /// The kind of request without its ids, as `POST /channels/messages`: safe to log.
    let name: String
    /// The channel, or the interaction, whose requests are limited together.
    let major: String
    /// Interactions carry their own token instead of the bot's and do not count towards the global limit.
    let isInteraction: Bool
    /// Whether it makes a message, so that done twice it makes two.
    let makesMessage: Bool
    var deadline = Duration.seconds(20)

    private init(
        _ method: String, _ path: String, name: String, major: String = "", isInteraction: Bool = false,
        makesMessage: Bool = false, deadline: Duration = .seconds(20)
    ) {
        self.method = method
        self.path = path
        self.name = "\(method) \(name)"
        self.major = major
        self.isInteraction = isInteraction
        self.makesMessage = makesMessage
        self.deadline = deadline
    }

    static let gateway = RESTRoute("GET", "/gateway/bot", name: "/gateway/bot")

    static func createMessage(in channel: String) -> RESTRoute {
        RESTRoute(
            "POST", "/channels/\(channel)/messages", name: "/channels/messages", major: channel, makesMessage: true)
    }

    static func editMessage(_ message: String, in channel: String) -> RESTRoute {
        RESTRoute("PATCH", "/channels/\(channel)/messages/\(message)", name: "/channels/messages", major: channel)
    }

    static func deleteMessage(_ message: String, in channel: String) -> RESTRoute {
        RESTRoute("DELETE", "/channels/\(channel)/messages/\(message)", name: "/channels/messages", major: channel)
    }

    /// The messages after another, at most `limit` of them (1 to 100), the newest first (Message Resource, "Get Channel Messages").
    static func messages(in channel: String, after message: Int64, limit: Int) -> RESTRoute {
        RESTRoute(
            "GET", "/channels/\(channel)/messages?after=\(message)&limit=\(limit)", name: "/channels/messages",
            major: channel, deadline: .seconds(5))
    }

    static func member(_ user: String, of guild: String) -> RESTRoute {
        RESTRoute(
            "GET", "/guilds/\(guild)/members/\(user)", name: "/guilds/members", major: guild, deadline: .seconds(5))
    }

    /// A server with its owner and its roles (Guild Resource, "Get Guild").
    static func guild(_ id: String) -> RESTRoute {
        RESTRoute("GET", "/guilds/\(id)", name: "/guilds", major: id, deadline: .seconds(5))
    }

    /// Opens the private channel with somebody, or says which it is (User Resource, "Create DM").
    static let openDirect = RESTRoute("POST", "/users/@me/channels", name: "/users/@me/channels", deadline: .seconds(5))

    static func typing(in channel: String) -> RESTRoute {
        RESTRoute(
            "POST", "/channels/\(channel)/typing", name: "/channels/typing", major: channel, deadline: .seconds(5))
    }

    static func channel(_ id: String) -> RESTRoute {
        RESTRoute("GET", "/channels/\(id)", name: "/channels", major: id, deadline: .seconds(5))
    }

    /// Makes a thread from a message, whose id it gets.
    static func startThread(from message: String, in channel: String) -> RESTRoute {
        RESTRoute(
            "POST", "/channels/\(channel)/messages/\(message)/threads", name: "/channels/messages/threads",
            major: channel)
    }

    /// What Discord knows of the bot's application.
    static let application = RESTRoute("GET", "/applications/@me", name: "/applications/@me", deadline: .seconds(10))

    static func commands(of application: String, method: String) -> RESTRoute {
        RESTRoute(method, "/applications/\(application)/commands", name: "/applications/commands", major: application)
    }

    /// Acknowledges an interaction, for which there are three seconds.
    static func acknowledge(_ interaction: String, token: String) -> RESTRoute {
        RESTRoute(
            "POST", "/interactions/\(interaction)/\(token)/callback", name: "/interactions/callback",
            major: interaction, isInteraction: true, deadline: .seconds(3))
    }

    /// Fills the answer that an acknowledged interaction waits for, or edits any of its messages.
    static func editAnswer(_ message: String, application: String, token: String) -> RESTRoute {
        RESTRoute(
            "PATCH", "/webhooks/\(application)/\(token)/messages/\(message)", name: "/webhooks/messages", major: token,
            isInteraction: true)
    }

    /// Sends one more message to an interaction.
    static func followUp(application: String, token: String) -> RESTRoute {
        RESTRoute(
            "POST", "/webhooks/\(application)/\(token)", name: "/webhooks", major: token, isInteraction: true,
            makesMessage: true)
    }
}
