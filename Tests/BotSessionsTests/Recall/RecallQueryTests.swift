import Testing

@testable import BotSessions

struct RecallQueryTests {
    @Test(arguments: [
        ("What is my wifi password?", ["wifi", "password"]),
        ("Do you remember what I told you about Rex?", ["rex"]),
        ("Wie heißt meine Katze?", ["katze"]),
        ("Où est-ce que j'ai garé la voiture ?", ["estce", "gare", "voiture"]),
        ("¿Cuál es mi número de teléfono?", ["numero", "telefono"]),
        ("Qual è il mio colore preferito?", ["colore", "preferito"]),
        ("Qual é a minha cor favorita?", ["cor", "favorita"]),
        ("Hoe heet mijn hond?", ["hond"]),
        ("Как зовут мою кошку?", ["мою", "кошку"]),
        ("我的猫叫什么名字？", ["的猫", "猫叫", "叫什", "么名", "名字"]),
        ("パスワードは何ですか", ["パス", "スワ", "ワー", "ード", "ドは"]),
        ("🎉?", ["u1f389"]),
        ("What happened on 2025-03-02?", ["happened", "2025", "03", "02", "20250302"]),
    ])
    func keepsWhatSaysSomething(_ question: String, _ terms: [String]) {
        #expect(RecallQuery(question: question, previous: nil)?.terms == terms)
    }

    @Test(arguments: ["", "?", "ok", "Yes please!", "And you?", "why not", "что это?", "это она?", "的"])
    func looksForNothingWhereNothingIsSaid(_ question: String) {
        #expect(RecallQuery(question: question, previous: nil) == nil)
        #expect(RecallQuery(question: question, previous: "Hello, how are you?") == nil)
    }

    @Test(arguments: [
        ("and hers?", "When is Ben's birthday?", [], ["ben", "birthday"]),
        ("What about Ana?", "When is Ben's birthday?", ["ana"], ["ben", "birthday"]),
        ("What colour is it?", "I bought a sofa today", ["colour"], ["bought", "sofa", "today"]),
        ("它呢？", "我的猫几岁", ["它呢"], ["的猫", "猫几", "几岁"]),
        ("und seine?", "Wann hat Ben Geburtstag?", [], ["wann", "ben", "geburtstag"]),
        ("Why?", "The oven exploded", [], ["oven", "exploded"]),
    ])
    func leansOnTheMessageBefore(_ question: String, _ previous: String, _ terms: [String], _ leaning: [String]) {
        let query = RecallQuery(question: question, previous: previous)
        #expect(query?.terms == terms)
        #expect(query.map { Set($0.leaning).isSubset(of: leaning) } == true)
        #expect(query.map { Set($0.leaning).count >= leaning.count - 1 } == true)
    }

    @Test func standsAloneWhenItSaysAll() {
        let query = RecallQuery(question: "What is my wifi password?", previous: "I bought a sofa")
        #expect(query?.leaning == [])
    }

    @Test func looksForABoundedNumberOfTerms() {
        let long = (0..<5000).map { "filler\($0)" }.joined(separator: " ") + " where did I park the car"
        let query = RecallQuery(question: long, previous: long)
        #expect(query?.terms.count == RecallQuery.mostTerms)
        #expect(query?.terms.contains("car") == true)
    }

    @Test func takesTheWordsOfOneLanguageAtATime() {
        #expect(
            RecallQuery(question: "What did my uncle die of in the war?", previous: nil)?.terms == [
                "uncle", "die", "war",
            ])
    }
}
