import Foundation
package import NIOSSL

/// Which certificate a test server shows. All but `otherAuthority` are signed by the authority in `caFile`.
package enum TestTLS: String, Sendable, CaseIterable {
    /// For localhost, 127.0.0.1 and bot.test.
    case good
    /// For other.test only.
    case wrongHost = "wrong-host"
    /// As `good`, but it ended in 2021.
    case expired
    /// As `good`, but signed by an authority that nobody trusts.
    case otherAuthority = "other-authority"

    /// The path of the test authority's certificate (PEM), to be trusted by clients.
    package static var caFile: String { path("ca.pem") }

    /// A server's TLS settings with this certificate.
    package func makeServerContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(Self.path("\(rawValue).pem"))
        let key = try NIOSSLPrivateKey(file: Self.path("\(rawValue).key.pem"), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
    }

    private static func path(_ file: String) -> String {
        Bundle.module.bundleURL.appending(path: "Certificates").appending(path: file).path
    }
}
