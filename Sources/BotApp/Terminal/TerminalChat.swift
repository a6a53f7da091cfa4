import BotCore
import BotWeb
import UnixSignals

/// A chat in the terminal, until the input ends or the person leaves with Ctrl-C, Ctrl-D or `/quit`.
struct TerminalChat {
    let console: Console

    /// Chats over the control socket of a running bot.
    func run(over control: ControlClient) async throws(StartError) {
        greet()
        let show = printer()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await control.listen { event in show.show(event) }
                    throw StartError("mybot has stopped")
                }
                group.addTask {
                    for await line in TerminalInput.lines() {
                        guard let text = Self.message(in: line) else { break }
                        if !text.isEmpty { try await control.say(text) }
                    }
                }
                try await group.next()
                group.cancelAll()
            }
        } catch let error as StartError {
            throw error
        } catch {
            throw StartError("mybot no longer answers; look into its log")
        }
    }

    /// Chats with an app that runs in this process.
    func run(in app: App) async throws(StartError) {
        greet()
        let show = printer()
        let events = app.terminal.listen()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await app.run(signals: [.sigterm, .sigint]) { _ in } }
                group.addTask { for await event in events { show.show(event) } }
                group.addTask {
                    for await line in TerminalInput.lines() {
                        guard let text = Self.message(in: line) else { break }
                        if !text.isEmpty { try await app.say(text) }
                    }
                }
                try await group.next()
                group.cancelAll()
            }
        } catch let error as StartError {
            throw error
        } catch {
            throw StartError("the chat ended: \(error)")
        }
    }

    private func greet() {
        console.say("Chat with mybot. /help lists commands; Ctrl-D or /quit leaves.")
        console.say("")
    }

    /// What a line says; nil to leave.
    private static func message(in line: String) -> String? {
        let text = line.trimmingBlanks()
        return ["/quit", "/exit"].contains(text.lowercased()) ? nil : text
    }

    private func printer() -> SharedPrinter {
        SharedPrinter(TerminalPrinter { [console] text in console.write(text) })
    }
}

/// A printer that several tasks may use.
private final class SharedPrinter: Sendable {
    private let printer: Lock<TerminalPrinter>

    init(_ printer: sending TerminalPrinter) { self.printer = Lock(printer) }

    func show(_ event: ChatEvent) { printer.withLock { $0.show(event) } }
}
