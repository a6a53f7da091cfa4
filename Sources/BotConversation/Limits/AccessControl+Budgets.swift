import BotCore

extension AccessControl {
    /// Whether a person, by their entry, has no budget of their own: an owner, or whoever types at the machine's own terminal. What is
    /// spent in all is bounded for them too.
    package func hasNoBudget(_ person: String) -> Bool {
        person.hasPrefix("\(Platform.terminal):") || role(of: person) == .owner
    }
}
