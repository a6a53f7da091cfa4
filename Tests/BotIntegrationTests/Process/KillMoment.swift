import BotCore
import BotTestSupport

/// When the bot is killed.
enum KillMoment: Sendable {
    /// So long after its start.
    case age(Duration)
    /// When it sends Telegram this method, and so long after that.
    case telegram(method: String, Duration)
    /// When it sends Discord a request whose name begins so, and so long after that.
    case discord(name: String, Duration)
    /// When it asks the model, and so long after that.
    case model(Duration)

    static func random(using random: inout SeededRandom) -> KillMoment {
        let moment = Duration.milliseconds(Int.random(in: 0..<60, using: &random))
        let later = Duration.milliseconds(Int.random(in: 0..<900, using: &random))
        return switch Int.random(in: 0..<12, using: &random) {
        case 0: .age(.milliseconds(Int.random(in: 1..<400, using: &random)))
        case 1, 2: .age(later * 3)
        case 3, 4: .telegram(method: "sendMessage", moment)
        case 5: .telegram(method: "editMessageText", moment)
        case 6: .telegram(method: "getUpdates", moment)
        case 7, 8: .discord(name: "POST /channels", moment)
        case 9: .discord(name: "PATCH /channels", moment)
        case 10: .model(moment)
        default: .model(later)
        }
    }

    /// Waits for the moment; one that does not come within a few seconds is given up.
    func come(telegram: FakeTelegram, discord: FakeDiscord, model: FakeModelServer) async throws {
        let after: Duration
        do {
            after = try await within(.seconds(4), "\(self)") {
                switch self {
                case .age(let span): return span
                case .telegram(let method, let span):
                    let count = telegram.requests(method).count
                    try await telegram.until { $0.requests(method).count > count }
                    return span
                case .discord(let name, let span):
                    let count = discord.requests(name).count
                    try await discord.until { $0.requests(name).count > count }
                    return span
                case .model(let span):
                    let count = model.calls.count
                    while model.calls.count == count { try await SystemTime().sleep(for: .milliseconds(5)) }
                    return span
                }
            }
        } catch BotProcessError.overdue {
            after = .zero
        }
        try await SystemTime().sleep(for: after)
    }
}
