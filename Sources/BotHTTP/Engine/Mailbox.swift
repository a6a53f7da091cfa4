import BotCore
import CCurl

/// What a task asks of the loop's thread.
enum LoopCommand: Sendable {
    case start(Transfer)
    case abandon(Transfer)
    case resume(Transfer)
    case connect(Connection)
    case receive(Connection)
    case send(Connection)
    case close(Connection)
    case stop
}

/// Carries commands to the loop's thread and wakes it.
///
/// It needs no bound of its own: each command belongs to a task that waits for it, or ends an object that one made.
final class Mailbox: Sendable {
    private struct State {
        var commands: [LoopCommand] = []
        var isOpen = true
    }

    private let multi: MultiHandle
    private let state = Lock(State())

    init(multi: MultiHandle) {
        self.multi = multi
    }

    /// Puts a command in; false when the loop has ended.
    @discardableResult
    func post(_ command: LoopCommand) -> Bool {
        state.withLock { state in
            guard state.isOpen else { return false }
            state.commands.append(command)
            // Later commands ride on the first one's wake-up: the loop takes all of them at once.
            if state.commands.count == 1 { curl_multi_wakeup(multi.raw) }
            return true
        }
    }

    /// Takes all commands, in order.
    func take() -> [LoopCommand] {
        state.withLock { state in
            guard !state.commands.isEmpty else { return [] }
            let commands = state.commands
            state.commands = []
            return commands
        }
    }

    /// Refuses commands from now on and hands back those that nobody will carry out.
    func close() -> [LoopCommand] {
        state.withLock { state in
            state.isOpen = false
            let commands = state.commands
            state.commands = []
            return commands
        }
    }
}
