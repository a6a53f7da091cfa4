/// The body of a response while it arrives: pieces in order, as they came from the network. To be read once, by one task.
package struct HTTPBodyStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    private let transfer: Transfer

    init(_ transfer: Transfer) {
        self.transfer = transfer
    }

    /// Returns the next piece.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let transfer: Transfer

        /// The next piece; nil at the end of the body.
        ///
        /// - Throws: `HTTPError` when the connection breaks, a deadline passes, the body is too large or the task is cancelled.
        package mutating func next() async throws -> [UInt8]? { try await transfer.nextPiece() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(transfer: transfer) }
}
