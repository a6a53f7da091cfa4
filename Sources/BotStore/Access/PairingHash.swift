import Foundation

/// The hash of a pairing code as the database has it.
enum PairingHash {
    static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }

    static func bytes(_ data: Data) -> [UInt8] { [UInt8](data) }

    /// Compares in a time that depends on the lengths alone, so that it tells nothing about where two hashes differ.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
