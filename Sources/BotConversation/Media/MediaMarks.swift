import BotCore

/// What stands in the log for what came with a message: short marks before the person's words, so that later contexts and summaries know
/// that there was something and carry nothing of it.
enum MediaMarks {
    /// As `[2 photos] [file notes.txt, 3 KB]`; nil for none.
    static func text(of attachments: [Attachment], unreadable: [String]) -> String? {
        let photos = attachments.count { $0.kind == .photo }
        var marks: [String] = []
        if photos > 0 { marks.append(photos == 1 ? "[photo]" : "[\(photos) photos]") }
        marks += attachments.filter { $0.kind == .file }.map { file in
            let bytes = file.byteCount.map { ", " + size(of: $0) } ?? ""
            return "[file \(name(of: file))\(bytes)]"
        }
        marks += unreadable.map { "[\(plain($0))]" }
        return marks.isEmpty ? nil : marks.joined(separator: " ")
    }

    /// A file's name as it may stand in a text: cleaned, on one line, without brackets.
    static func name(of file: Attachment) -> String {
        let name = plain(file.fileName ?? "")
        return name.isEmpty ? "without a name" : name
    }

    /// A number of bytes as people write it: `800 bytes`, `3 KB`, `2.4 MB`.
    static func size(of bytes: Int) -> String {
        if bytes < 1024 { return "\(bytes) bytes" }
        if bytes < 1 << 20 { return "\((bytes + 512) / 1024) KB" }
        let tenths = (bytes * 10 + (1 << 19)) >> 20
        return tenths % 10 == 0 ? "\(tenths / 10) MB" : "\(tenths / 10).\(tenths % 10) MB"
    }

    private static func plain(_ text: String) -> String {
        DisplayName.cleaned(text).replacing("[", with: "(").replacing("]", with: ")")
    }
}
