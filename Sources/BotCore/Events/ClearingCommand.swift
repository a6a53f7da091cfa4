extension InboundEvent.Body {
    /// Whether it is a command that clears its chat: `/reset`, or `/forget yes`.
    ///
    /// It is carried out whatever else clears the chat meanwhile, and is never dropped as one of the messages that wait: a caller of the REST
    /// API who clears a chat must not keep the person there from erasing it.
    package var clearsChat: Bool {
        guard case .command(let name, let arguments) = self else { return false }
        switch name {
        case "reset": return true
        case "forget": return arguments.split(whereSeparator: \.isWhitespace).map { $0.lowercased() } == ["yes"]
        default: return false
        }
    }
}
