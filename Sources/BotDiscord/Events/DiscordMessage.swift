/// The parts of a message object that the bot uses (Message Resource). What is missing or of another type than expected is
/// taken as absent, except for ids and author.
struct DiscordMessage: Decodable, Sendable, Equatable {
    let id: String
    let channel: String
    /// What kind of channel it is in, where Discord tells.
    let channelType: Int?
    /// Only events of the gateway tell it, and the member; whoever fetches a message adds them.
    var guild: String?
    let author: DiscordUser
    var member: DiscordMember?
    let content: String
    /// When its person has edited it last, in Discord's words; nil for never.
    let editedAt: String?
    let type: Int
    let webhook: String?
    /// The people who are mentioned.
    let mentions: [DiscordUser]
    /// The ids of the roles that are mentioned.
    let mentionedRoles: [String]
    /// The bot's own role in the server, and the thread that the message is in: no message tells them, `ServerKnowledge` adds them.
    var ownRole: DiscordRole?
    var thread: DiscordThread?
    let attachments: [Attachment]
    let hasStickers: Bool
    let hasPoll: Bool
    /// The messages that it passes on, without who wrote them, which Discord does not tell.
    let forwarded: [Snapshot]
    let referenced: Referenced?

    /// An attachment (Message Resource, "Attachment Object").
    struct Attachment: Decodable, Sendable, Equatable {
        let contentType: String?
        /// Its name as its sender gives it: untrusted text.
        let filename: String?
        /// In bytes.
        let size: Int?
        let url: String?

        private enum CodingKeys: String, CodingKey {
            case filename, size, url
            case contentType = "content_type"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            contentType = try? values.decode(String.self, forKey: .contentType)
            filename = try? values.decode(String.self, forKey: .filename)
            size = try? values.decode(Int.self, forKey: .size)
            url = try? values.decode(String.self, forKey: .url)
        }
    }

    /// A message as it was when somebody passed it on (Message Resource, "Message Snapshot Object").
    struct Snapshot: Decodable, Sendable, Equatable {
        let content: String
        let attachments: [Attachment]

        private enum CodingKeys: String, CodingKey { case message }
        private enum MessageKeys: String, CodingKey { case content, attachments }

        init(from decoder: any Decoder) throws {
            let values = try? decoder.container(keyedBy: CodingKeys.self)
                .nestedContainer(keyedBy: MessageKeys.self, forKey: .message)
            content = (try? values?.decode(String.self, forKey: .content)) ?? ""
            attachments = (try? values?.decode([Attachment].self, forKey: .attachments)) ?? []
        }
    }

    /// The message that this one replies to.
    struct Referenced: Decodable, Sendable, Equatable {
        let id: String?
        let author: DiscordUser
        let content: String?
        let attachments: [Attachment]

        private enum CodingKeys: String, CodingKey { case id, author, content, attachments }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            author = try values.decode(DiscordUser.self, forKey: .author)
            id = try? values.decode(String.self, forKey: .id)
            content = try? values.decode(String.self, forKey: .content)
            attachments = (try? values.decode([Attachment].self, forKey: .attachments)) ?? []
        }
    }

    private struct Anything: Decodable {}

    private enum CodingKeys: String, CodingKey {
        case id, author, member, content, type, mentions, attachments, poll
        case channel = "channel_id"
        case channelType = "channel_type"
        case editedAt = "edited_timestamp"
        case guild = "guild_id"
        case webhook = "webhook_id"
        case mentionedRoles = "mention_roles"
        case stickers = "sticker_items"
        case snapshots = "message_snapshots"
        case referenced = "referenced_message"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        channel = try values.decode(String.self, forKey: .channel)
        author = try values.decode(DiscordUser.self, forKey: .author)
        // Everything else may be absent or change its form without notice: the message is read all the same.
        channelType = try? values.decode(Int.self, forKey: .channelType)
        guild = try? values.decode(String.self, forKey: .guild)
        member = try? values.decode(DiscordMember.self, forKey: .member)
        content = (try? values.decode(String.self, forKey: .content)) ?? ""
        editedAt = try? values.decode(String.self, forKey: .editedAt)
        type = (try? values.decode(Int.self, forKey: .type)) ?? 0
        webhook = try? values.decode(String.self, forKey: .webhook)
        mentions = (try? values.decode([DiscordUser].self, forKey: .mentions)) ?? []
        mentionedRoles = (try? values.decode([String].self, forKey: .mentionedRoles)) ?? []
        attachments = (try? values.decode([Attachment].self, forKey: .attachments)) ?? []
        hasStickers = !((try? values.decode([Anything].self, forKey: .stickers)) ?? []).isEmpty
        hasPoll = (try? values.decode(Anything.self, forKey: .poll)) != nil
        forwarded = (try? values.decode([Snapshot].self, forKey: .snapshots)) ?? []
        referenced = try? values.decode(Referenced.self, forKey: .referenced)
    }
}

/// A user object (User Resource).
struct DiscordUser: Decodable, Sendable, Equatable {
    let id: String
    let username: String
    let globalName: String?
    let isBot: Bool

    /// What the person is called outside servers: untrusted text.
    var displayName: String { globalName ?? username }

    private enum CodingKeys: String, CodingKey {
        case id, username, bot
        case globalName = "global_name"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        // A name may be missing in partial objects, a global name is often null.
        username = (try? values.decode(String.self, forKey: .username)) ?? id
        globalName = try? values.decode(String.self, forKey: .globalName)
        isBot = (try? values.decode(Bool.self, forKey: .bot)) ?? false
    }
}

/// A guild member (Guild Resource).
struct DiscordMember: Decodable, Sendable, Equatable {
    /// Nil beside a message, which has an author.
    let user: DiscordUser?
    let nick: String?
    let roles: [String]

    private enum CodingKeys: String, CodingKey { case user, nick, roles }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        // Each may be null or absent.
        user = try? values.decode(DiscordUser.self, forKey: .user)
        nick = try? values.decode(String.self, forKey: .nick)
        roles = (try? values.decode([String].self, forKey: .roles)) ?? []
    }
}

extension DiscordMessage {
    /// Its id as a number, which grows with time (`Snowflake`).
    var number: Int64 { Int64(id) ?? 0 }
}
