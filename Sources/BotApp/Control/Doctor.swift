import BotConversation
import BotCore
import BotDiscord
import BotStore
import BotTelegram
import BotWeb
import Foundation

/// Looks at every part that can be ill and says what to mend.
struct Doctor {
    let app: App

    func report() async -> DoctorReport {
        var findings = [await database(), log()]
        for (name, status) in app.links.all.sorted(by: { $0.key < $1.key }) where name != "store" {
            findings.append(link(name, status))
        }
        findings.append(model())
        findings.append(people())
        return DoctorReport(findings: findings)
    }

    /// The report when no bot runs, so that no link says how it is: each platform and the model is asked once.
    func reportWithoutLinks() async -> DoctorReport {
        async let telegram = askTelegram()
        async let discord = askDiscord()
        async let model = askModel()
        return DoctorReport(
            findings: [
                await database(), await conversations(), log(), await discord, await telegram, await model, people(),
            ])
    }

    /// Makes what is derived from the messages anew, whether something is wrong with it or not, and looks again.
    func repair() async -> DoctorReport {
        var findings = [await database()]
        do {
            let wrong = app.store.mended + (try await app.store.audit(limit: Self.shownFindings))
            try await app.store.rebuild()
            findings.append(
                finding(
                    "repair", true,
                    "counters, totals and search index were made anew from the messages; "
                        + (wrong.isEmpty ? "nothing was wrong" : "this was wrong: \(Self.text(of: wrong))")))
            findings.append(await conversations())
        } catch {
            findings.append(finding("repair", false, error.description))
        }
        return DoctorReport(findings: findings)
    }

    private func askTelegram() async -> DoctorReport.Finding {
        guard let settings = app.configuration.telegramSettings else { return off("telegram") }
        do {
            let identity = try await TelegramPlatform.getMe(settings, http: app.http)
            let concern = settings.concern(about: identity)
            return finding("telegram", concern == nil, concern ?? "the token is good: @\(identity.username)")
        } catch {
            return finding("telegram", false, error.description)
        }
    }

    private func askDiscord() async -> DoctorReport.Finding {
        guard let discord = app.discord else { return off("discord") }
        let problem = await discord.findProblem()
        return finding("discord", problem == nil, problem ?? "the token is good")
    }

    private func askModel() async -> DoctorReport.Finding {
        let problem = await app.models.findProblem()
        return finding("model", problem == nil, problem ?? app.models.plan)
    }

    private func off(_ platform: String) -> DoctorReport.Finding {
        finding(platform, true, "off: no token (\(platform).botToken)")
    }

    private func database() async -> DoctorReport.Finding {
        do {
            try await app.store.probe()
            return finding("database", true, FilePlaces.absolute(app.configuration.storagePath))
        } catch {
            return finding("database", false, error.description)
        }
    }

    /// Compares what is derived from the messages with them. It reads everything, so it is done when nobody waits for the bot.
    private func conversations() async -> DoctorReport.Finding {
        do {
            let findings = try await app.store.audit(limit: Self.shownFindings)
            if findings.isEmpty {
                return finding("conversations", true, "counters and search index agree with the messages")
            }
            let mend =
                findings.allSatisfy { $0.kind == .numbering }
                ? "This cannot be made anew: take a backup, or report it"
                : "mybot doctor --repair makes counters and search index anew from the messages"
            return finding("conversations", false, "\(Self.text(of: findings)). \(mend)")
        } catch {
            return finding("conversations", false, error.description)
        }
    }

    /// How many findings are told.
    private static let shownFindings = 3

    private static func text(of findings: [AuditFinding]) -> String {
        findings.prefix(shownFindings).map(\.description).joined(separator: "; ")
    }

    private func log() -> DoctorReport.Finding {
        let path = FilePlaces.absolute(app.configuration.log.path)
        // Before the first line there is no file, but its folder is there.
        let place =
            FileManager.default.fileExists(atPath: path)
            ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
        let isWritable = FileManager.default.isWritableFile(atPath: place)
        return finding(
            "log", isWritable, isWritable ? path : "\(path) cannot be written: check the rights of its folder")
    }

    private func link(_ name: String, _ status: LinkMonitor.Status) -> DoctorReport.Finding {
        switch status.state {
        case .off: return off(name)
        case .connected:
            let seen = "connected, last seen \(app.links.age(of: status).milliseconds / 1000) s ago"
            return finding(name, status.problem == nil, status.problem.map { "\(seen); \($0)" } ?? seen)
        case .connecting, .conflict, .failed:
            return finding(name, false, "\(status.state.rawValue): \(status.problem ?? "trying again")")
        }
    }

    private func model() -> DoctorReport.Finding {
        let provider = app.models.standard
        return finding(
            "model", true,
            provider.isLanguageModel ? provider.name : "the built-in responder: no language model was found")
    }

    private func people() -> DoctorReport.Finding {
        let someone = app.access.hasOwnerOrAnyone
        return finding("people", someone, someone ? "somebody may talk" : "nobody may talk yet: run mybot pair")
    }

    private func finding(_ what: String, _ isWell: Bool, _ details: String) -> DoctorReport.Finding {
        DoctorReport.Finding(what: what, isWell: isWell, details: details)
    }
}
