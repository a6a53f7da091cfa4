import BotCore
import BotSessions
import BotTestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SessionSearchTests {
    private func search(_ words: String, _ texts: [String], limit: Int = 10) async throws -> [FoundMessage] {
        let fixture = SessionsFixture()
        return try await fixture.manager.search(words, in: try await fixture.session(texts), limit: limit)
    }

    @Test func findsWithDateAndSpeaker() async throws {
        let found = try await search("dog", ["I have a dog", "A dog is nice", "And a cat"])
        #expect(found.map(\.seq) == [2, 1])
        #expect(found.map(\.role) == [.assistant, .user])
        #expect(found.map(\.excerpt) == ["A dog is nice", "I have a dog"])
        #expect(found.allSatisfy { $0.at == ManualTime().now })
    }

    @Test func putsMessagesWithMostWordsFirst() async throws {
        let found = try await search("brown dog", ["the brown dog", "x", "brown", "y", "a dog, a dog"])
        #expect(found.first?.seq == 1)
        #expect(Set(found.map(\.seq)) == [1, 3, 5])
        #expect(try await search("brown dog", ["the brown dog", "x", "brown"], limit: 1).map(\.seq).count == 1)
    }

    @Test func putsTheNewestOfEqualsFirst() async throws {
        #expect(try await search("tea", ["tea", "coffee", "tea", "coffee", "tea"]).map(\.seq) == [5, 3, 1])
    }

    @Test(arguments: ["\"brown dog\"", "“brown dog”", "the \"brown dog\" sleeps", "«Brown Dog»"])
    func looksForPhrases(_ words: String) async throws {
        let found = try await search(
            words, ["a dog that is brown", "x", "my Brown  dog sleeps", "y", "brown cat, white dog"])
        #expect(found.map(\.seq) == [3])
    }

    @Test func takesAnOddQuoteForNothing() async throws {
        #expect(try await search("the \"dog", ["a dog"]).map(\.seq) == [1])
    }

    @Test func looksForEmptyWordsWhenThereAreNoOthers() async throws {
        #expect(try await search("to be or not to be", ["to be or not to be", "x", "a pear"]).map(\.seq) == [1])
        #expect(try await search("it", ["it", "x", "that"]).map(\.seq) == [1])
    }

    @Test(arguments: ["", " ", "?!", "\"\"", "*", "\u{0}"])
    func findsNothingForNothing(_ words: String) async throws {
        #expect(try await search(words, ["a dog"]) == [])
    }

    @Test func findsOneChineseCharacter() async throws {
        #expect(try await search("猫", ["我家有一只猫", "好", "狗"]).map(\.seq) == [1])
        #expect(try await search("\"猫\"", ["我家有一只猫", "好", "猫很好"]).map(\.seq) == [3, 1])
    }

    @Test func showsThePartThatFitsOnOneLine() async throws {
        let filler = String(repeating: "word after word\n", count: 100)
        let found = try #require(try await search("garage", [filler + "the garage code\nis 9931 " + filler]).first)
        #expect(found.excerpt.contains("the garage code is 9931"))
        #expect(found.excerpt.utf8.count <= 210)
        #expect(!found.excerpt.contains { $0.isNewline })
    }

    @Test func forgetsWhatWasCleared() async throws {
        let fixture = SessionsFixture()
        let id = try await fixture.session(["a dog", "nice"])
        _ = try await fixture.manager.clearMessages(id)
        #expect(try await fixture.manager.search("dog", in: id, limit: 9) == [])
        #expect(try await fixture.manager.search("dog", in: SessionID(77), limit: 9) == [])
    }

    @Test func seesOnlyItsOwnSession() async throws {
        let fixture = SessionsFixture()
        let first = try await fixture.session(["canary one"], number: 1)
        let second = try await fixture.session(["canary two"], number: 2)
        #expect(try await fixture.manager.search("canary", in: first, limit: 9).map(\.excerpt) == ["canary one"])
        #expect(try await fixture.manager.search("canary", in: second, limit: 9).map(\.excerpt) == ["canary two"])
    }
}
