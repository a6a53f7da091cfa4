package import BotCore
import Testing

/// What every store has to do, whatever it keeps its rows in: lists of behaviours, one list for each protocol.
///
/// A store's own tests run each of them on a new, empty store:
/// `@Test(arguments: StoreContract.inbox) func inbox(_ behaviour: StoreContract.Behaviour) async throws`.
package enum StoreContract {
    /// One behaviour: its name for the report, and its test.
    package struct Behaviour: Sendable, CustomTestStringConvertible {
        package let name: String
        private let test: @Sendable (any Store) async throws -> Void

        init(_ name: String, _ test: @escaping @Sendable (any Store) async throws -> Void) {
            self.name = name
            self.test = test
        }

        /// Runs the test on a new, empty store.
        package func check(on store: any Store) async throws { try await test(store) }

        package var testDescription: String { name }
    }
}
