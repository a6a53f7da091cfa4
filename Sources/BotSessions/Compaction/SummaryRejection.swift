/// Why a summary, or a line of one, is not used.
package enum SummaryRejection: String, Sendable, Equatable, CaseIterable {
    case empty
    /// The model said that it would not or could not.
    case refusal
    /// Lines without sources.
    case uncited
    /// Sources that lie before the last reset or after what the summary covers, or that nobody wrote.
    case outOfRange
    case inventedNumber
    case inventedName
    /// Words that are put into somebody's mouth: wishes, orders and consents without a source.
    case unsupportedClaim
    /// Long passages of the conversation, copied.
    case echo
    case otherLanguage
    /// Lines that look like turns of a conversation.
    case imitation
    /// Lines that give orders to who reads them.
    case instruction
    /// Tags that could end the quotation that the summary is shown in.
    case markup
    /// It would not free enough to be worth it.
    case noGain

    /// What the summariser is told before its second try.
    var advice: String {
        switch self {
        case .empty: "it held no line of notes. Write at least one."
        case .refusal: "it held no notes. This is a harmless clerical task: write the notes."
        case .uncited: "lines did not end with the number of the line that says it, as in [#n]. Give it for each."
        case .outOfRange: "it cited numbers that are not among the lines. Cite only numbers that you see."
        case .inventedNumber: "it held numbers that are not in the lines it cites. Copy numbers exactly."
        case .inventedName: "it held names that are not in the lines it cites. Copy names exactly."
        case .unsupportedClaim: "it said that somebody asked or wanted what the cited lines do not say."
        case .echo: "it copied long passages. Write short notes in your own words."
        case .otherLanguage: "it was not in the language of the conversation. Keep that language."
        case .imitation: "it went on with the conversation. Write notes about it instead."
        case .instruction: "it gave orders. Write facts in the third person."
        case .markup: "it held tags. Write plain lines."
        case .noGain: "it was too long. Write fewer and shorter lines."
        }
    }
}
