/// The body of a response while it arrives: pieces in order, as they came from the network. To be read once, by one task.
package struct HTTPBodyStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    /// Returns the next piece.
    package struct Iterator: AsyncIteratorProtocol {
        /// The next piece; nil at the end of the body.
        ///
        /// - Throws: `HTTPError` when the connection breaks, a deadline passes, the body is too large or the task is cancelled.
        package mutating func next() async throws -> [UInt8]? { throw HTTPError.shutDown }
    }

    package func makeAsyncIterator() -> Iterator { Iterator() }
}
