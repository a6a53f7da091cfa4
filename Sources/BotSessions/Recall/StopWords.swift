import BotCore

/// The words of a language that say nothing about what a question is about, and those that point at what was said before.
/// All are folded as `SearchText` folds them.
struct StopWords {
    let empty: Set<String>
    /// Pronouns and the like: a short question with one of them leans on the message before.
    let pointing: Set<String>
    /// A short question that begins with these words leans on the message before.
    let openers: [[String]]

    private init(_ empty: String, pointing: String, openers: String) {
        self.pointing = Self.set(pointing)
        self.openers = openers.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
        self.empty = Self.set(empty).union(self.pointing).union(self.openers.joined())
    }

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }

    /// The language that most of the words are of; nil when no word is known.
    ///
    /// Of very many words only the first and the last are looked at.
    ///
    /// One language at a time, because the empty word of one is the subject of another: German "die", "war" and "hat".
    static func fitting(_ words: [String]) -> StopWords? {
        var words = words
        if words.count > mostFitted { words = Array(words.prefix(mostFitted / 2) + words.suffix(mostFitted / 2)) }
        var best: (words: StopWords, known: Int)?
        for language in all {
            let known = words.reduce(0) { language.empty.contains($1) ? $0 + 1 : $0 }
            if known > best?.known ?? 0 { best = (language, known) }
        }
        return best?.words
    }

    private static let mostFitted = 256

    static let all = [english, german, french, spanish, italian, portuguese, dutch, russian]

    static let english = StopWords(
        """
        a an the i me my mine myself we us our ours you your yours who whom whose what which when where why how am is are was were be \
        been being do does did done doing have has had having will would shall should can could may might must not no nor yes or but if \
        as at by for from in into of off on onto out over to up down with without about than because while until so such very just \
        only own other some any all each every both few more most please tell know knew remember remind recall say said says told \
        tells again ever still now get got give let like want need again ok okay hey hi hello thanks thank im ive id dont didnt whats \
        there here really actually something anything
        """,
        pointing:
            "he him his she her hers it its they them their theirs this that these those one ones there then same former latter",
        openers: "and|also|so|but|then|what about|how about")

    static let german = StopWords(
        """
        der die das den dem des ein eine einen einem einer eines ich mich mir mein meine meinen meinem meiner meines wir uns unser unsere du \
        dich dir dein deine ihr euch euer wer wen wem wessen was welche welcher welches wann wo warum wieso wie bin bist ist sind seid \
        war waren wird werden wurde habe hast hat haben hatte hatten kann kannst konnen konnte soll sollte muss mussen will wollen \
        darf nicht kein keine ja nein oder aber wenn als ob auf aus bei fur mit nach seit von vor zu zum zur in im ins an am um uber unter \
        durch gegen ohne auch nur noch schon sehr so mehr mal denn doch bitte sag sagen weisst weiss nochmal heisst hiess jetzt da hier es
        """,
        pointing:
            "er sie ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner dies diese dieser dieses diesen jene dort dann damit davon",
        openers: "und|aber|auch|was ist mit|wie ist es mit")

    static let french = StopWords(
        """
        le la les un une des du de d l au aux je j me m moi mon ma mes nous notre nos tu te t toi ton ta tes vous votre vos qui que qu quoi \
        quel quelle quels quelles quand ou pourquoi comment combien est es suis sont sommes etes etait etais etaient etre ai as a avons \
        avez ont avait avais avoir fait faire peux peut pouvez dois doit ne n pas plus oui non ou mais si comme dans en par pour sur \
        sous avec sans chez vers entre tres bien aussi encore deja juste seulement stp svp sais souviens rappelle dis dit c s y
        """,
        pointing: "il elle ils elles lui leur leurs son sa ses ce cet cette ces cela ca celui celle ceux la",
        openers: "et|mais|alors|aussi")

    static let spanish = StopWords(
        """
        el la los las un una unos unas de del al yo me mi mis mio mia nosotros nos nuestro nuestra tu tus te ti usted ustedes vosotros quien \
        quienes que cual cuales cuando donde por porque como cuanto cuanta es soy eres son somos era eran fue ser esta estoy estas estan \
        estar he has ha hemos han habia hay tengo tiene puedo puede puedes debo debe no si o u pero con sin en para sobre entre desde hasta \
        muy mas menos tambien ya solo aun favor dime sabes recuerdas recuerda dijo dije se lo le
        """,
        pointing:
            "el ella ello ellos ellas su sus suyo suya este esta esto estos estas ese esa eso esos aquel aquella alli",
        openers: "y|pero|entonces|tambien|que tal")

    static let italian = StopWords(
        """
        il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai agli alle da dal in nel nella su sul sulla con per tra \
        fra io me mi mio mia miei mie noi ci nostro tu te ti tuo tua tuoi voi vi vostro chi che cosa qual quale quali quando dove perche come \
        quanto sono sei e siamo siete era erano essere ho hai ha abbiamo avete hanno aveva fatto posso puo puoi devo deve non si o ma \
        se piu meno molto anche ancora gia solo favore dimmi sai ricordi ricorda detto c
        """,
        pointing: "lui lei esso essa loro suo sua suoi sue questo questa questi queste quello quella quelli li",
        openers: "e|ma|allora|anche")

    static let portuguese = StopWords(
        """
        o a os as um uma uns umas de do da dos das em no na nos nas ao aos por pelo pela para pra com sem sobre entre ate desde eu me mim meu \
        minha meus minhas nos nosso nossa tu te ti teu tua voce voces seu quem que qual quais quando onde porque como quanto e sou es sao \
        somos era eram foi ser esta estou estao estar tenho tem temos tinha ha posso pode deve devo nao sim ou mas se mais menos muito \
        tambem ainda ja so favor diga sabe lembra lembre disse
        """,
        pointing:
            "ele ela eles elas lhe dele dela deles seu sua seus suas este esta isto esse essa isso aquele aquela aquilo la",
        openers: "e|mas|entao|tambem")

    static let dutch = StopWords(
        """
        de het een ik mij me mijn wij we ons onze jij je jou jouw u uw jullie wie wat welke welk wanneer waar waarom hoe ben bent is zijn was \
        waren wordt worden werd heb hebt heeft hebben had hadden kan kun kunt kunnen kon moet moeten zal zou wil willen mag niet geen ja nee \
        of maar als om op aan bij in uit van voor naar met zonder over onder tot door dan dat er ook nog al alleen heel zeer meer minder \
        alsjeblieft zeg weet weten onthoud heet heette nu hier
        """,
        pointing: "hij hem zij ze haar hun hen zijn dit dat deze die daar toen",
        openers: "en|maar|dus|ook|hoe zit het met")

    static let russian = StopWords(
        """
        я меня мне мной мой моя мое мои моего моей моему моих мы нас нам наш наша ты тебя тебе твой твоя твои вы вас вам ваш ваша кто кого кому \
        что чего чему чем какой какая какое какие каком когда где куда откуда почему зачем как сколько есть быть был была было были будет \
        не ни нет да или но если в во на за из от до по под над при про для с со к ко у о об без через между же ли бы ведь вот уже еще \
        очень только тоже также можно нужно надо пожалуйста скажи помнишь напомни знаешь сказал зовут
        """,
        pointing: "он она оно они его ее ей ему их им этот эта это эти тот та то те там тогда",
        openers: "а|и|но|тогда|как насчет")

    /// Pairs of characters that say nothing, in the scripts that are searched by pairs.
    static let emptyPairs = set(
        """
        什么 么是 是什 么的 我的 你的 他的 她的 它的 的是 是我 是谁 是不 怎么 么样 哪里 在哪 哪儿 为什 一个 这个 那个 可以 请问 是吗 那么 多少 还有 告诉 诉我 知道 道吗 \
        記得 记得 什麼 麼是 甚麼 怎麼 麼樣 哪裡 多少 \
        です ます した ない する して った って から ので なに これ それ あれ どこ いつ だれ のは のが には とは すか たか でし しょ ょう だっ たっ たの てい いる いま ある \
        私の 僕の 俺の は何 何で 何を 何が 何の が何 は誰 誰で はど どれ どん 教え えて てく くだ ださ さい \
        무엇 뭐야 엇인 인가 가요 입니 니까 습니 니다 어디 언제 누구 나의 너의 우리 내가 제가 이에 예요 에요 어요 세요 주세 려주 알려
        """)

    /// Characters and words that point at what was said before, in languages without spaces and in Korean.
    static let pointingParts = [
        "它", "他", "她", "这", "那", "呢", "這", "刚才", "剛才", "それ", "これ", "あれ", "その", "この", "あの", "彼", "じゃあ", "では", "그것", "그거",
        "이거", "이것", "그녀", "그는", "그의", "그건",
    ]
}
