/// How a body is stored in the inbox. What an earlier version has stored must always be read: a crash and an upgrade may lie between.
extension InboundEvent.Body: Codable {
    /// The one member of the object, which names the case.
    private enum Kind: String, CodingKey {
        case message, edited, deleted, command, broughtIn, shutOut, stopPressed, buttonPressed, unreadable
    }

    private struct Command: Codable {
        let name: String
        let arguments: String
    }
    private struct Deleted: Codable { let message: String }
    private struct BroughtIn: Codable {}
    private struct ShutOut: Codable {}
    private struct StopPressed: Codable { let turn: TurnID }
    private struct Unreadable: Codable {
        let kind: String
        let album: String?
    }

    package init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: Kind.self)
        guard let kind = body.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "an event of no kind that is known"))
        }
        switch kind {
        case .message:
            self = .message(try body.decode(InboundMessage.self, forKey: kind))
        case .edited:
            self = .edited(try body.decode(InboundMessage.self, forKey: kind))
        case .deleted:
            self = .deleted(message: try body.decode(Deleted.self, forKey: kind).message)
        case .command:
            let command = try body.decode(Command.self, forKey: kind)
            self = .command(name: command.name, arguments: command.arguments)
        case .broughtIn:
            self = .broughtIn
        case .shutOut:
            self = .shutOut
        case .stopPressed:
            self = .stopPressed(turn: try body.decode(StopPressed.self, forKey: kind).turn)
        case .buttonPressed:
            self = .buttonPressed(try body.decode(ButtonPress.self, forKey: kind))
        case .unreadable:
            let unreadable = try body.decode(Unreadable.self, forKey: kind)
            self = .unreadable(kind: unreadable.kind, album: unreadable.album)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: Kind.self)
        switch self {
        case .message(let message): try body.encode(message, forKey: .message)
        case .edited(let message): try body.encode(message, forKey: .edited)
        case .deleted(let message): try body.encode(Deleted(message: message), forKey: .deleted)
        case .command(let name, let arguments):
            try body.encode(Command(name: name, arguments: arguments), forKey: .command)
        case .broughtIn: try body.encode(BroughtIn(), forKey: .broughtIn)
        case .shutOut: try body.encode(ShutOut(), forKey: .shutOut)
        case .stopPressed(let turn): try body.encode(StopPressed(turn: turn), forKey: .stopPressed)
        case .buttonPressed(let press): try body.encode(press, forKey: .buttonPressed)
        case .unreadable(let kind, let album):
            try body.encode(Unreadable(kind: kind, album: album), forKey: .unreadable)
        }
    }
}
