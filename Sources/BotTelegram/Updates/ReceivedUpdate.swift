/// An update as it came: one that cannot be read keeps its id, so that it loses nobody else's.
struct ReceivedUpdate: Decodable, Sendable, Equatable {
    /// The ids that Telegram gives. Another one is taken for none: made into an offset, a negative one would delete what waits.
    static let possibleIDs: ClosedRange<Int64> = 1...(1 << 53)

    /// Nil when not even the id could be read.
    let id: Int64?
    /// The names of the update's members beside its id, for the log.
    let kinds: [String]
    /// Nil when the update could not be read.
    let content: WireUpdate?

    init(id: Int64?, kinds: [String], content: WireUpdate?) {
        self.id = id
        self.kinds = kinds
        self.content = content
    }

    init(from decoder: any Decoder) {
        // Each `try?` here turns a fault of one update into nil: the batch goes on without it, and the caller logs it.
        let members = try? decoder.container(keyedBy: AnyKey.self)
        let number = try? members?.decode(Int64.self, forKey: AnyKey("update_id"))
        id = number.flatMap { Self.possibleIDs.contains($0) ? $0 : nil }
        kinds = (members?.allKeys.map(\.stringValue) ?? []).filter { $0 != "update_id" }.sorted()
        content = try? WireUpdate(from: decoder)
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
