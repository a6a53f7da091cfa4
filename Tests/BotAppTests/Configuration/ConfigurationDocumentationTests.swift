import BotApp
import Foundation
import Testing

/// The example and the README are held against the table of keys.
struct ConfigurationDocumentationTests {
    private var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    private func leaves(_ value: Any, under prefix: String = "") -> [String: Any] {
        guard let members = value as? [String: Any] else { return [prefix: value] }
        return members.reduce(into: [:]) { all, member in
            let path = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
            all.merge(leaves(member.value, under: path)) { first, _ in first }
        }
    }

    @Test func theExampleHasExactlyTheKeysOfTheTableWithTheirDefaults() throws {
        let data = try Data(contentsOf: root.appending(path: "config.example.json"))
        let example = leaves(try JSONSerialization.jsonObject(with: data))
        #expect(Set(example.keys) == Set(ConfigurationTable.keys.map(\.path)))
        for key in ConfigurationTable.keys {
            let text: String
            switch (key.kind, example[key.path]) {
            case (.bool, let value as NSNumber): text = value.boolValue ? "true" : "false"
            case (.integer, let value as NSNumber): text = "\(value.intValue)"
            case (.number, let value as NSNumber): text = "\(value.doubleValue)"
            case (.strings, let value as [String]): text = value.isEmpty ? "[]" : value.joined()
            case (_, let value as String): text = value
            default: text = "of another type"
            }
            #expect(text == key.defaultText, "\(key.path)")
        }
    }

    @Test func theExampleLoads() throws {
        let path = root.appending(path: "config.example.json").path
        let configuration = try AppConfiguration.load(path: path, options: [:], environment: [:])
        #expect(configuration.secrets.isEmpty)
    }

    @Test func theReadmeListsEveryKey() throws {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        for key in ConfigurationTable.keys {
            #expect(readme.contains("| `\(key.path)` | `\(key.environmentName)` |"), "\(key.path)")
        }
    }
}
