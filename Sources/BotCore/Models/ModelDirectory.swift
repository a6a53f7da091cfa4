/// The models that chats can be answered by.
package protocol ModelDirectory: Sendable {
    /// Who answers where nothing was chosen.
    var standard: any ModelProvider { get }

    /// The names of those that a chat may choose, in the owner's order, none twice.
    var choices: [String] { get }

    /// One of the choices by its name; nil for any other name.
    func provider(named name: String) -> (any ModelProvider)?
}

extension ModelDirectory {
    /// What was chosen for a session, if that may still be chosen; nil stands for the standard.
    package func choice(of session: Session?) -> String? {
        session?.chosenModel.flatMap { choices.contains($0) ? $0 : nil }
    }

    /// Who answers in a session.
    package func provider(of session: Session?) -> any ModelProvider {
        choice(of: session).flatMap { provider(named: $0) } ?? standard
    }
}

/// One model and no choice.
package struct OneModel: ModelDirectory {
    package let standard: any ModelProvider
    package var choices: [String] { [] }

    package init(_ provider: any ModelProvider) { standard = provider }

    package func provider(named name: String) -> (any ModelProvider)? { nil }
}
