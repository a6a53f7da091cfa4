import CCurl

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What libcurl says about a failed transfer, and what it means to the caller. No text is libcurl's own, because those may
/// quote the address.
struct CurlFailure {
    let code: CURLcode
    /// Whether a connection has stood: after that some of the request may have left, and nothing may claim otherwise.
    let wasConnected: Bool
    /// OpenSSL's verdict on the server's (or the proxy's) certificate; 0 when it found nothing wrong.
    var verifyResult = 0
    /// The system's reason for a failed connect; 0 for none.
    var systemError: Int32 = 0

    /// Reads what a handle knows about its failure.
    init(_ code: CURLcode, of easy: UnsafeMutableRawPointer, wasConnected: Bool) {
        self.code = code
        self.wasConnected = wasConnected
        verifyResult = Self.number(CURLINFO_SSL_VERIFYRESULT, of: easy)
        if verifyResult == 0 { verifyResult = Self.number(CURLINFO_PROXY_SSL_VERIFYRESULT, of: easy) }
        systemError = Int32(truncatingIfNeeded: Self.number(CURLINFO_OS_ERRNO, of: easy))
    }

    init(code: CURLcode, wasConnected: Bool, verifyResult: Int = 0, systemError: Int32 = 0) {
        self.code = code
        self.wasConnected = wasConnected
        self.verifyResult = verifyResult
        self.systemError = systemError
    }

    /// The error for the caller.
    var error: HTTPError {
        if wasConnected { return lost }
        return switch code {
        case CURLE_URL_MALFORMAT: .invalidURL("the address is malformed")
        case CURLE_UNSUPPORTED_PROTOCOL: .invalidURL("the address is neither https nor http")
        case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved("the host's name has no address")
        case CURLE_COULDNT_RESOLVE_PROXY: .nameNotResolved("the proxy's name has no address")
        case CURLE_OPERATION_TIMEDOUT: .timedOut(.connect)
        case CURLE_PEER_FAILED_VERIFICATION: .untrusted(certificateText)
        case CURLE_SSL_CACERT_BADFILE: .untrusted("the file of certificate authorities cannot be read")
        case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            .untrusted("the server's certificate is not acceptable")
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CLIENTCERT: .untrusted("the server asks for a client certificate")
        case CURLE_SSL_CIPHER: .untrusted("no common TLS cipher")
        // Not .untrusted: a connection that breaks during the handshake, a passing trouble, ends with this code too.
        case CURLE_SSL_CONNECT_ERROR: .cannotConnect("the TLS handshake failed")
        case CURLE_PROXY: .cannotConnect("the proxy refused the connection")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            .cannotConnect("the connection broke, or the proxy refused it, before it stood")
        case CURLE_OUT_OF_MEMORY: .cannotConnect("out of memory")
        default: .cannotConnect(systemText ?? "no connection (libcurl error \(code.rawValue))")
        }
    }

    private var lost: HTTPError {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut(.firstByte)
        case CURLE_GOT_NOTHING: .connectionLost("the server closed the connection without an answer")
        case CURLE_PARTIAL_FILE: .connectionLost("the connection closed before the end of the body")
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: .connectionLost("the body's compression is broken")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: .connectionLost("the answer is not HTTP")
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: .connectionLost("the HTTP/2 stream was broken off")
        case CURLE_SEND_ERROR: .connectionLost("the connection broke while sending")
        case CURLE_RECV_ERROR: .connectionLost("the connection broke while receiving")
        default: .connectionLost("the connection broke (libcurl error \(code.rawValue))")
        }
    }

    /// Why a certificate is refused. The numbers are OpenSSL's X509_V_ERR codes; libcurl leaves 1 when OpenSSL was content
    /// and its own look at the host's name was not.
    private var certificateText: String {
        switch verifyResult {
        case 0, 1, 62, 64: "the certificate is for another host name"
        case 9: "the certificate is not valid yet"
        case 10: "the certificate has expired"
        case 18, 19: "the certificate is self-signed"
        case 2, 20, 21, 24, 27: "the certificate is signed by an unknown authority"
        case 23: "the certificate is revoked"
        default: "the certificate is not acceptable (verification error \(verifyResult))"
        }
    }

    private var systemText: String? {
        switch systemError {
        case ECONNREFUSED: "connection refused"
        case ENETUNREACH, EHOSTUNREACH: "the network or host is unreachable"
        case ETIMEDOUT: "the host does not answer"
        case ECONNRESET, EPIPE: "the connection was reset"
        case ENOENT: "no such socket"
        case EACCES, EPERM: "not permitted"
        case EMFILE, ENFILE: "too many open files"
        default: nil
        }
    }

    private static func number(_ info: CURLINFO, of easy: UnsafeMutableRawPointer) -> Int {
        var value = 0
        return ccurl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }
}
