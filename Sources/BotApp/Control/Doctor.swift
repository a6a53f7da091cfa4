import BotConversation
import BotCore
import BotStore
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

    private func database() async -> DoctorReport.Finding {
        do {
            try await app.store.probe()
            return finding("database", true, FilePlaces.absolute(app.configuration.storagePath))
        } catch {
            return finding("database", false, error.description)
        }
    }

    private func log() -> DoctorReport.Finding {
        let path = FilePlaces.absolute(app.configuration.log.path)
        let isWritable = FileManager.default.isWritableFile(atPath: path)
        return finding(
            "log", isWritable, isWritable ? path : "\(path) cannot be written: check the rights of its folder")
    }

    private func link(_ name: String, _ status: LinkMonitor.Status) -> DoctorReport.Finding {
        switch status.state {
        case .off: return finding(name, true, "off: no token (\(name).botToken)")
        case .connected:
            return finding(name, true, "connected, last seen \(app.links.age(of: status).milliseconds / 1000) s ago")
        case .connecting, .conflict, .failed:
            return finding(name, false, "\(status.state.rawValue): \(status.problem ?? "trying again")")
        }
    }

    private func model() -> DoctorReport.Finding {
        let provider = app.models.provider
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
