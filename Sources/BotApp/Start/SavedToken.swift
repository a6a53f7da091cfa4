import Foundation

/// Saves a pasted token into the configuration file, which only its owner may read.
enum SavedToken {
    /// Adds `telegram.botToken` to the file, keeping what is there.
    ///
    /// - Throws: `StartError` when the file cannot be written.
    static func saveTelegram(_ token: String, to path: String) throws(StartError) {
        var members: [String: Any] = [:]
        if let data = FileManager.default.contents(atPath: path) {
            guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw StartError("\(path) is not valid JSON: mend it, then start again", exitStatus: 78)
            }
            members = object
        }
        var telegram = members["telegram"] as? [String: Any] ?? [:]
        telegram["botToken"] = token
        members["telegram"] = telegram
        do {
            let data = try JSONSerialization.data(
                withJSONObject: members, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            let url = URL(fileURLWithPath: path)
            try data.write(to: url, options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw StartError("\(path) cannot be written: check the rights of its folder")
        }
    }
}
