/// `getFile`: where a file can be loaded from, which holds for an hour at least. Telegram gives bots files of up to 20 MB.
struct GetFile: TelegramCall {
    typealias Answer = TelegramFile
    static let method = "getFile"
    let fileID: String

    private enum CodingKeys: String, CodingKey { case fileID = "file_id" }
}

/// `File`: what of it is needed.
struct TelegramFile: Decodable, Sendable, Equatable {
    let size: Int64?
    let path: String?

    private enum CodingKeys: String, CodingKey {
        case size = "file_size"
        case path = "file_path"
    }
}
