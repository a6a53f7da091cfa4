import BotCore

/// Where a menu of commands is shown (`BotCommandScope`). Telegram takes the list of the narrowest scope that has one.
enum MenuScope: String, Encodable, Sendable, CaseIterable {
    case everywhere = "default"
    case direct = "all_private_chats"
    case groups = "all_group_chats"

    private enum CodingKeys: String, CodingKey { case type }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(rawValue, forKey: .type)
    }
}

/// A command of the bot's menu (`BotCommand`).
struct MenuCommand: Codable, Sendable, Equatable {
    let command: String
    let description: String

    /// Nil for one that Telegram would refuse, and the whole menu with it.
    init?(_ command: CommandDescription) {
        guard command.name.wholeMatch(of: /[a-z0-9_]{1,32}/) != nil,
            (1...256).contains(command.summary.unicodeScalars.count)
        else { return nil }
        self.command = command.name
        description = command.summary
    }
}

/// The menu of commands for each scope.
struct CommandMenus: Sendable, Equatable {
    /// The most commands that Telegram takes ("setMyCommands", Bot API).
    static let limit = 100

    private let lists: [MenuScope: [MenuCommand]]

    init(_ commands: [CommandDescription]) {
        lists = Dictionary(
            uniqueKeysWithValues: MenuScope.allCases.map { scope in
                let shown = commands.filter { scope.shows($0.place) }.compactMap(MenuCommand.init)
                return (scope, Array(shown.prefix(Self.limit)))
            })
    }

    subscript(scope: MenuScope) -> [MenuCommand] { lists[scope] ?? [] }

    /// The scopes whose menu is to be as here. Lists of other scopes and of languages are somebody else's, and stay.
    var scopes: [MenuScope] { MenuScope.allCases.filter { !self[$0].isEmpty } }
}

extension MenuScope {
    fileprivate func shows(_ place: CommandDescription.Place) -> Bool {
        switch (self, place) {
        case (.everywhere, _), (_, .everywhere), (.direct, .direct), (.groups, .shared): true
        case (.direct, .shared), (.groups, .direct): false
        }
    }
}

/// `getMyCommands`: the menu as it is.
struct GetMyCommands: TelegramCall {
    typealias Answer = [MenuCommand]
    static let method = "getMyCommands"
    let scope: MenuScope
}

/// `setMyCommands`: the menu as it shall be.
struct SetMyCommands: TelegramCall {
    typealias Answer = Bool
    static let method = "setMyCommands"
    let commands: [MenuCommand]
    let scope: MenuScope
}
