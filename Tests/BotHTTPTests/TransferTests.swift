import BotCore
import Testing

@testable import BotHTTP

/// What a reader that comes late finds of a transfer that has ended.
struct TransferTests {
    private func withTransfer(
        endedBy error: HTTPError?, _ body: (Transfer) async throws -> Void
    ) async throws {
        let multi = try #require(MultiHandle.make())
        defer { multi.free() }
        let request = HTTPRequest(url: "http://127.0.0.1:1/")
        let transfer = Transfer(
            request, to: try WebAddress(request.url), mode: .stream,
            mailbox: Mailbox(multi: multi))
        transfer.publish(HTTPResponseHead(status: 200, headers: HTTPHeaders([])))
        let isTaken = Array("beginning".utf8).withUnsafeBufferPointer { transfer.accept($0) }
        #expect(isTaken)
        transfer.finish(error)
        try await body(transfer)
    }

    @Test func whatCameBeforeAFailureIsReadBeforeIt() async throws {
        try await withTransfer(endedBy: .connectionLost("cut")) { transfer in
            let (head, piece) = (try await transfer.responseHead(), try await transfer.nextPiece())
            #expect(head.status == 200)
            #expect(piece == Array("beginning".utf8))
            await #expect(throws: HTTPError.connectionLost("cut")) { _ = try await transfer.nextPiece() }
        }
    }

    @Test(arguments: [HTTPError.cancelled, .shutDown])
    func nothingIsReadOfWhatNobodyWants(error: HTTPError) async throws {
        try await withTransfer(endedBy: error) { transfer in
            await #expect(throws: error) { _ = try await transfer.responseHead() }
        }
    }

    @Test func aWholeResponseIsReadLate() async throws {
        try await withTransfer(endedBy: nil) { transfer in
            let (head, piece) = (try await transfer.responseHead(), try await transfer.nextPiece())
            #expect(head.status == 200)
            #expect(piece == Array("beginning".utf8))
            let end = try await transfer.nextPiece()
            #expect(end == nil)
        }
    }
}
