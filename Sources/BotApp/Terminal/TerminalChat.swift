import BotCore
import BotWeb
import UnixSignals

/// A chat in the terminal, until the person leaves with Ctrl-C, Ctrl-D or `/quit`, or until input that nobody types has ended and all of
/// it is answered.
struct TerminalChat {
    /// How often it is looked whether all is answered.
    private static let lookInterval = Duration.milliseconds(100)
    /// How many lines of a file or another program are said before their answers are awaited: fewer than may wait in a chat.
    private static let linesAtOnce = 100

    let console: Console
    var time: any TimeSource = SystemTime()

    /// Chats over the control socket of a running bot.
    func run(over control: ControlClient) async throws(StartError) {
        greet()
        let show = printer()
        let ready = Gate(isOpen: false)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await control.listen { event in
                        if event.kind == .ready { ready.set(open: true) }
                        show.show(event)
                    }
                    throw StartError("mybot has stopped")
                }
                group.addTask {
                    // What is answered at once must find somebody who listens.
                    try await ready.wait()
                    try await takeInput { text in
                        try await control.say(text)
                    } isAtRest: {
                        try await control.isAtRest()
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
        let failure = Lock<StartError?>(nil)
        await withTaskGroup(of: Void.self) { group in
            // Ends when the app has closed.
            group.addTask { for await event in events { show.show(event) } }
            do throws(StartError) {
                try await app.run(signals: [.sigterm, .sigint]) {
                    do {
                        try await takeInput { text in
                            try await app.say(text)
                        } isAtRest: {
                            try await app.terminalIsAtRest()
                        }
                    } catch {
                        if !Task.isCancelled { failure.withLock { $0 = StartError("the chat ended: \(error)") } }
                    }
                } onWebRunning: { _ in
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// Says each line until the input ends. A person who ends it wants to leave; a file or another program wants the answers.
    private func takeInput(
        say: (String) async throws -> Void, isAtRest: () async throws -> Bool
    ) async throws {
        var said = 0
        for await line in TerminalInput.lines() {
            guard let text = Self.message(in: line) else { return }
            if text.isEmpty { continue }
            try await say(text)
            said += 1
            if !console.isTyped, said.isMultiple(of: Self.linesAtOnce) { try await untilAnswered(isAtRest) }
        }
        if console.isTyped { return }
        try await untilAnswered(isAtRest)
        // What was shown last is still on its way to the screen.
        try await time.sleep(for: Self.lookInterval)
    }

    private func untilAnswered(_ isAtRest: () async throws -> Bool) async throws {
        while try await !isAtRest() { try await time.sleep(for: Self.lookInterval) }
    }

    private func greet() {
        guard console.isTyped else { return }
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
