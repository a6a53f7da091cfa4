/// The rights as the documentation shows them, in Markdown.
package enum RightsTable {
    private static let columns: [(holder: Rights.Holder, title: String)] = [
        (.owner, "owner"), (.admin, "admin"), (.administrator, "administrator of the chat"), (.author, "whose it is"),
        (.member, "member"), (.guest, "guest"),
    ]

    /// One line for each deed and place; a stranger and who is blocked have no rights, and no column.
    package static func markdown(_ rights: Rights = Rights()) -> String {
        var lines = [
            "| What | Where | " + columns.map(\.title).joined(separator: " | ") + " |",
            "|---|---" + columns.map { _ in "|---" }.joined() + "|",
        ]
        for deed in Deed.allCases {
            for isShared in [false, true] {
                let holders = rights.holders(of: deed, isShared: isShared)
                let cells = columns.map { holders.contains($0.holder) ? "yes" : "" }
                let place = isShared ? "with others" : "alone"
                lines.append("| \(title(of: deed)) | \(place) | " + cells.joined(separator: " | ") + " |")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func title(of deed: Deed) -> String {
        switch deed {
        case .stop: "`/stop`, Stop"
        case .again: "Retry, Continue"
        case .reset: "`/reset`"
        case .undo: "`/undo`"
        case .undoReset: "Undo under a reset"
        case .forget: "`/forget`"
        case .export: "`/export`"
        case .model: "`/model NAME`"
        case .people: "`/allow`, `/deny`, `/block`, `/invite`, `/people`"
        case .admins: "`/allow admin`, and decisions about admins"
        case .problems: "what is wrong, in `/status`"
        }
    }
}
