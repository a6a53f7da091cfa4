import CCurl
import Testing

@testable import BotHTTP

struct CurlFailureTests {
    private static let codes: [CURLcode] = (1...99).map { CURLcode($0) }

    @Test func nothingThatMayHaveLeftIsCalledUnsent() {
        for code in Self.codes {
            let error = CurlFailure(code: code, wasConnected: true).error
            #expect(!error.wasSurelyNotSent, "\(code.rawValue)")
        }
    }

    @Test func nothingBeforeTheConnectionIsCalledLost() {
        for code in Self.codes {
            let error = CurlFailure(code: code, wasConnected: false).error
            #expect(error.wasSurelyNotSent, "\(code.rawValue)")
        }
    }

    @Test(arguments: [0, 1, 2, 9, 10, 18, 19, 20, 21, 23, 24, 62, 77])
    func aRefusedCertificateIsNamedSo(verifyResult: Int) {
        let failure = CurlFailure(
            code: CURLE_PEER_FAILED_VERIFICATION, wasConnected: false, verifyResult: verifyResult)
        guard case .untrusted(let text) = failure.error else {
            Issue.record("\(failure.error)")
            return
        }
        #expect(text.contains("certificate"))
    }
}
