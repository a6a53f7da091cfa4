/// A path on Telegram's file server, as `getFile` gave it. It becomes part of an address that holds the token, so only a plain
/// relative path is taken: nothing that leads up or away.
struct FilePath: Sendable, Equatable {
    /// No path of Telegram's is nearly as long, in bytes of UTF-8.
    private static let limit = 1024

    /// The path as it may stand in an address.
    let encoded: String

    /// Nil for anything but a relative path without empty parts and dots.
    init?(_ path: String) {
        guard path.utf8.count <= Self.limit, !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        var parts: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            guard !part.isEmpty, part != ".", part != "..", !part.contains("\\") else { return nil }
            parts.append(Self.encoded(part))
        }
        encoded = parts.joined(separator: "/")
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3), so that no part can begin a query or a scheme.
    private static func encoded(_ part: Substring) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var scalars = String.UnicodeScalarView()
        for byte in part.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar) {
                scalars.append(scalar)
            } else {
                scalars.append("%")
                scalars.append(digits[Int(byte >> 4)])
                scalars.append(digits[Int(byte & 15)])
            }
        }
        return String(scalars)
    }
}
