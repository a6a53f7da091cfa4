import BotCore

/// A constant that is made when it is first asked for.
final class LazyTable<Value: Sendable>: Sendable {
    private let value = Lock<Value?>(nil)

    /// The value; the first caller makes it, others wait meanwhile.
    func value(_ make: @Sendable () -> Value) -> Value {
        value.withLock { value in
            if let value { return value }
            let made = make()
            value = made
            return made
        }
    }
}
