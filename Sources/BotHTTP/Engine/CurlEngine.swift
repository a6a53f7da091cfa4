import BotCore
import CCurl

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Owns the loop's thread.
final class CurlEngine: Sendable {
    let mailbox: Mailbox
    private let thread: Lock<pthread_t?>

    /// Starts the thread; nil when libcurl or the system has no room for it.
    init?(_ settings: HTTPClient.Configuration) {
        guard let multi = MultiHandle.make() else { return nil }
        mailbox = Mailbox(multi: multi)
        thread = Lock(nil)
        let boot = Unmanaged.passRetained(Boot(multi: multi, mailbox: mailbox, settings: settings))
        let started = Self.start(boot)
        guard let started else {
            boot.release()
            _ = mailbox.close()
            multi.free()
            return nil
        }
        thread.withLock { $0 = started }
    }

    deinit { stop() }

    /// Ends everything under way with `.shutDown` and waits for the thread's end.
    func stop() {
        mailbox.post(.stop)
        thread.withLock { thread in
            guard let running = thread else { return }
            pthread_join(running, nil)
            thread = nil
        }
    }

    /// What the thread starts with.
    private final class Boot: Sendable {
        let multi: MultiHandle
        let mailbox: Mailbox
        let settings: HTTPClient.Configuration

        init(multi: MultiHandle, mailbox: Mailbox, settings: HTTPClient.Configuration) {
            self.multi = multi
            self.mailbox = mailbox
            self.settings = settings
        }
    }

    private static func start(_ boot: Unmanaged<Boot>) -> pthread_t? {
        // The thread takes no signals: they are the main program's business, and a write to a closed socket must be an
        // error, not a SIGPIPE. A thread inherits the mask of the one that makes it.
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let result = pthread_create(
            &thread, nil,
            { context in
                #if canImport(Glibc)
                    guard let context else { return nil }
                #endif
                ccurl_name_thread("mybot-http")
                let boot = Unmanaged<Boot>.fromOpaque(context).takeRetainedValue()
                CurlLoop(multi: boot.multi, mailbox: boot.mailbox, settings: boot.settings).run()
                return nil
            }, boot.toOpaque())
        return result == 0 ? thread : nil
    }
}
