import BotCore

/// What goes in place of a message that had to be given up although its chat can be reached.
enum UndeliveredNotice {
    static let answer = """
        Sorry, my answer did not get through as it should. If it is not here, send /retry and I will answer once more.
        """
    static let other = "Sorry, a message of mine did not get through as it should. If it is not here, please ask again."

    static func chunk(inPlaceOf row: OutboxRow) -> RenderedChunk {
        RenderedChunk(text: row.turn == nil ? other : answer)
    }

    /// Whether a row is such a notice: nothing goes in its place. Rows tell it by their text, so that it is known after a restart too.
    static func isOne(_ row: OutboxRow) -> Bool { row.payload?.text == answer || row.payload?.text == other }
}
