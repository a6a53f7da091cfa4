import BotCore
import GRDB

/// The random name of one installation: 40 bits as eight characters of base 32, so that the nonces of two bots in one
/// channel never meet.
package struct InstallCode: Sendable, Equatable {
    /// Eight characters of `a-z2-7`.
    package let text: String

    /// The code of forty bits; higher bits are left out.
    package init(bits: UInt64) {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        text = String((0..<8).map { alphabet[Int(bits >> (35 - UInt64($0) * 5) & 31)] })
    }

    /// A new code from the system's randomness.
    package static func random() -> InstallCode { InstallCode(bits: .random(in: .min ... .max)) }

    private init(text: String) { self.text = text }

    /// The code that the database holds, made and stored if it holds none.
    static func stored(_ db: Database, orNew make: () -> InstallCode) throws -> InstallCode {
        if let row = try db.row("SELECT code FROM installation") { return InstallCode(text: row[0]) }
        let code = make()
        try db.run("INSERT INTO installation (id, code) VALUES (1, ?)", [code.text])
        return code
    }
}
