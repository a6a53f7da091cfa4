import BotCore
import BotSessions

/// `/model`: shows which model answers in this chat, and switches it among those that the owner allows.
struct ModelCommand: Command {
    static let description = CommandDescription(
        name: "model", summary: "Show which model answers here, or switch it",
        argument: "A number or a name of the list, or default")

    /// What can be wished for.
    private enum Wish: Equatable {
        case standard
        case choice(String)
    }

    let services: ConversationServices
    private var models: any ModelDirectory { services.models }

    var description: CommandDescription { Self.description }

    func run(_ call: CommandCall) async throws(StoreError) -> CommandReply {
        let session = try await services.sessions.session(of: call.key)
        let words = call.arguments.split(whereSeparator: \.isWhitespace)
        // Nobody may decide for others; who may is the owner's to say.
        let refusal = models.choices.isEmpty ? nil : await services.refusal(of: .model, for: call.event)
        guard let word = words.first else { return .say(overview(of: session, call, maySwitch: refusal == nil)) }
        if let refusal { return .say(refusal) }
        guard words.count == 1, let wish = parsed(String(word)) else {
            return .say("I may not switch to that one.\n\n\(overview(of: session, call, maySwitch: true))")
        }
        switch wish {
        case .standard:
            if let session, session.chosenModel != nil {
                _ = try await services.sessions.chooseModel(nil, of: session.id)
            }
            return .say("Done. The default, \(shown(models.standard.name, call)), answers in this chat from now on.")
        case .choice(let name):
            let session = try await services.sessions.getOrCreateSession(services.sessionDraft(for: call.event))
            _ = try await services.sessions.chooseModel(name, of: session.id)
            return .say("Done. \(shown(name, call)) answers in this chat from now on. /model default goes back.")
        }
    }

    /// A choice by its number in the list, its name, or that part of the name behind the provider's which no other has.
    private func parsed(_ word: String) -> Wish? {
        let word = word.lowercased()
        if word == "default" { return .standard }
        let choices = models.choices
        if let number = Int(word) {
            return choices.indices.contains(number - 1) ? .choice(choices[number - 1]) : nil
        }
        if let same = choices.first(where: { $0.lowercased() == word }) { return .choice(same) }
        let alike = choices.filter {
            $0.lowercased().split(separator: "/", maxSplits: 1).last.map { $0 == word } ?? false
        }
        return alike.count == 1 ? alike.first.map(Wish.choice) : nil
    }

    // MARK: - Texts

    private func overview(of session: Session?, _ call: CommandCall, maySwitch: Bool) -> String {
        let standard = shown(models.standard.name, call)
        let choice = models.choice(of: session)
        var text =
            choice.map { "\(label($0, call)) answers in this chat; the default is \(standard)." }
            ?? "\(standard) answers in this chat: the default."
        if choice == nil, let gone = session?.chosenModel {
            text += " \(shown(gone, call)), which was chosen for it, may not be chosen any more."
        }
        guard !models.choices.isEmpty else {
            return text + "\n\nThere is nothing to choose: my owner can allow more with the setting model.choices."
        }
        let lines = models.choices.enumerated().map { "\($0.offset + 1). \(label($0.element, call))" }
        let how =
            maySwitch
            ? "/model and a number or a name switches, /model default goes back."
            : "Only the administrators of this chat and my owner can switch it here."
        return "\(text)\n\nTo choose from:\n\(lines.joined(separator: "\n"))\n\n\(how)"
    }

    /// A choice, with the model that its provider takes where the owner has named none.
    private func label(_ choice: String, _ call: CommandCall) -> String {
        let model = models.provider(named: choice)?.name ?? choice
        return shown(choice, call) + (model == choice ? "" : " (now \(shown(model, call)))")
    }

    private func shown(_ name: String, _ call: CommandCall) -> String { Excerpt.literal(name, on: call.key.platform) }
}
