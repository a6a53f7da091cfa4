/// Something for which it matters who does it.
package enum Deed: String, Sendable, CaseIterable {
    /// `/stop`, and the Stop button.
    case stop
    /// The buttons Retry and Continue.
    case again
    case reset
    case undo
    /// The button Undo under the confirmation of a reset.
    case undoReset
    case forget
    case export
    /// To switch the model with `/model`.
    case model
    /// `/allow`, `/deny`, `/block`, `/invite` and `/people`, the buttons under the message about a stranger, and bringing the bot into a group.
    case people
    /// To make somebody an admin, and to decide about one.
    case admins
    /// To be told in `/status` what is wrong, which may name files and settings.
    case problems

    /// Those that `access.openCommands` can open to all who are let in, by the names of their commands.
    package static let openable: [String: Deed] = [
        "stop": .stop, "reset": .reset, "undo": .undo, "forget": .forget, "model": .model,
    ]
}
