package import BotCore

extension FakeTelegramUser {
    /// Sends a photo, as clients do: in several sizes, of which the last is the largest. Returns the message's id.
    ///
    /// - Parameters:
    ///   - sizes: the bytes of each size with its width and height, the smallest first.
    ///   - album: what the photos of one album have in common.
    ///   - extra: other members of the message.
    @discardableResult
    package func sendPhoto(
        _ sizes: [(bytes: [UInt8], width: Int, height: Int)], caption: String? = nil, in chat: Int64? = nil,
        replyTo: Int64? = nil, album: String? = nil, extra: [String: JSONValue] = [:]
    ) -> Int64 {
        let photo = sizes.map { size in
            let id = fake.keep(size.bytes, path: nil)
            return JSONValue.object([
                "file_id": .string(id), "file_unique_id": .string("u" + id), "width": .integer(Int64(size.width)),
                "height": .integer(Int64(size.height)), "file_size": .integer(Int64(size.bytes.count)),
            ])
        }
        return post(
            media(["photo": .array(photo)], caption, album, extra), in: chat ?? id, replyTo: replyTo, thread: nil)
    }

    /// Sends a file and returns the message's id.
    ///
    /// - Parameter size: what Telegram says of its size; nil says how long it is.
    @discardableResult
    package func sendFile(
        _ bytes: [UInt8], named name: String?, type: String?, size: Int64? = nil, caption: String? = nil,
        in chat: Int64? = nil, extra: [String: JSONValue] = [:]
    ) -> Int64 {
        let file = fake.keep(bytes, size: size)
        var document: [String: JSONValue] = [
            "file_id": .string(file), "file_unique_id": .string("u" + file),
            "file_size": .integer(size ?? Int64(bytes.count)),
        ]
        if let name { document["file_name"] = .string(name) }
        if let type { document["mime_type"] = .string(type) }
        return post(
            media(["document": .object(document)], caption, nil, extra), in: chat ?? id, replyTo: nil, thread: nil)
    }

    private func media(
        _ content: [String: JSONValue], _ caption: String?, _ album: String?, _ extra: [String: JSONValue]
    ) -> [String: JSONValue] {
        var message = content.merging(extra) { $1 }
        if let caption {
            message["caption"] = .string(caption)
            let entities = Self.entities(of: caption)
            if !entities.isEmpty { message["caption_entities"] = .array(entities) }
        }
        if let album { message["media_group_id"] = .string(album) }
        return message
    }
}
