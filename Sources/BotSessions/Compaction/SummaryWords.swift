/// Words that tell a refusal, an order, a claim or a name, in the languages that models mostly write.
enum RefusalWords {
    private static let openings = [
        "i can't", "i cannot", "i can not", "i'm sorry", "i am sorry", "sorry", "i'm unable", "i am unable", "i won't",
        "as an ai", "as a language model", "unfortunately", "i must decline", "es tut mir leid", "ich kann",
        "je ne peux", "désolé", "lo siento", "no puedo", "mi dispiace", "não posso", "desculpe", "извините",
        "к сожалению", "я не могу", "抱歉", "对不起", "很抱歉", "我无法", "我不能", "申し訳", "すみません", "できません", "죄송",
    ]

    /// Whether the answer begins as refusals do.
    static func begin(_ answer: String) -> Bool {
        let start = answer.prefix(200).lowercased().replacing("’", with: "'").drop { !$0.isLetter }
        return openings.contains { start.hasPrefix($0) }
    }
}

enum OrderWords {
    private static let openings = [
        "ignore ", "disregard ", "forget ", "you must", "you should", "you are now", "you have to", "act as ",
        "from now on", "pretend ", "reveal ", "respond ", "reply ", "answer ", "always answer", "always respond",
        "always reply", "always say", "never answer", "never mention", "never tell", "do not ", "don't ",
        "remember to ",
        "make sure ", "follow ", "obey ", "execute ", "tell the user", "ask the user", "ignoriere", "vergiss ",
        "du musst", "ignora ", "debes ", "ignorez", "vous devez", "игнорируй", "忽略", "你必须", "你现在是", "请忽略", "無視",
        "必ず", "あなたは今",
    ]

    /// Whether the line gives an order to who reads it.
    static func begin(_ line: String) -> Bool {
        let start = line.lowercased().replacing("’", with: "'").drop { !$0.isLetter }
        return openings.contains { start.hasPrefix($0) }
    }
}

enum NameWords {
    private static let common: Set<String> = [
        "user", "users", "assistant", "ai", "bot", "ok", "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday",
        "friday", "saturday", "sunday", "english", "until", "was", "person", "utc", "am", "pm", "open", "topics",
    ]

    private static let verbs: Set<String> = [
        "is", "was", "has", "had", "lives", "works", "said", "says", "wants", "wanted", "asked", "asks", "likes",
        "loves",
        "will", "promised", "moved", "called", "told", "and", "s", "ist", "war", "hat", "wohnt", "arbeitet", "sagt",
        "vive", "trabaja", "est", "habite", "travaille", "живёт", "живет", "работает", "сказал", "сказала",
    ]

    /// Words that are written with a capital and name nobody in the chat.
    static func isCommon(_ word: Substring) -> Bool { common.contains(word.lowercased()) }

    /// Whether the word before this one, at the beginning of a sentence, is its subject.
    static func followsName(_ word: Substring) -> Bool { verbs.contains(word.lowercased()) }
}

/// A line that says that somebody asked for, wanted or agreed to something.
struct ClaimWords {
    private static let markers: Set<String> = [
        "asked", "asks", "asking", "wants", "wanted", "requested", "requests", "instructed", "ordered", "demanded",
        "agreed", "approved", "confirmed", "authorized", "authorised", "allowed", "permitted", "consented", "insisted",
        "bat", "bittet", "will", "möchte", "verlangt", "verlangte", "stimmte", "pidió", "pide", "quiere", "quería",
        "autorizó", "demandé", "demande", "veut", "voulait", "autorisé", "chiede", "chiesto", "vuole", "pediu", "quer",
        "попросил", "попросила", "просит", "хочет", "хотел", "разрешил", "согласился",
    ]

    private static let phrases = [
        "要求", "想要", "请求", "同意", "批准", "希望", "依頼", "求め", "頼", "承認", "許可", "望ん", "요청", "원한", "동의",
    ]

    /// Words that carry nothing to look for.
    private static let fillers: Set<String> = [
        "the", "user", "users", "person", "and", "that", "this", "with", "for", "from", "about", "have", "has", "been",
        "his", "her", "their", "them", "they", "she", "him", "was", "were", "are", "not", "but", "how", "what", "when",
        "who", "why", "which", "whether", "assistant", "bot", "der", "die", "das", "und", "dass", "ein", "eine",
        "einen",
        "nutzer", "benutzer", "que", "los", "las", "una", "del", "usuario", "les", "des", "une", "pour", "utilisateur",
        "что", "чтобы", "для", "пользователь", "用户", "ユーザー",
    ]

    /// Whether it is about what the assistant said, which its own messages show.
    let isOfAssistant: Bool
    private let words: [String]
    private let pairs: Set<String>

    /// - Returns: nil for a line that claims no such thing.
    init?(_ line: String) {
        let folded = SummaryEvidence.folded(line)
        let all = SummaryEvidence.words(of: folded).map { String($0.text) }
        guard
            all.contains(where: { Self.markers.contains($0) }) || Self.phrases.contains(where: { folded.contains($0) })
        else { return nil }
        isOfAssistant = all.prefix(2).contains("assistant") || all.prefix(2).contains("bot")
        words = all.filter { $0.count >= 3 && !Self.markers.contains($0) && !Self.fillers.contains($0) }
        var content = folded
        for phrase in Self.phrases + ["用户", "ユーザー", "사용자"] { content = content.replacing(phrase, with: " ") }
        pairs = SummaryEvidence.pairs(of: content)
    }

    /// Whether enough of what was claimed occurs in what was said.
    func isSupported(by evidence: [SummaryEvidence]) -> Bool {
        if !pairs.isEmpty {
            let found = pairs.count { pair in evidence.contains { $0.pairs.contains(pair) } }
            return found * 5 >= pairs.count * 2
        }
        let found = words.count { word in evidence.contains { $0.hasRoot(of: word) } }
        return !words.isEmpty && found * 2 >= words.count
    }
}
