import BotCore
import BotSessions
import BotTestSupport
import Testing

/// Which answers the context of the next question shows.
@Suite(.timeLimit(.minutes(5)))
struct ShownAnswerTests {
    @Test("What is said beforehand of an answer is what the context then shows", arguments: 0..<6)
    func foretellsTheContext(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let model = ScriptedModel()
        let settings = SessionSettings(
            tokenLimit: [400, 1500][seed % 2], contextMaxMessages: [1, 4, 9][seed % 3], recallTokens: 0)
        let fixture = SessionsFixture(settings: settings, provider: model)
        func text(_ name: String) -> String {
            name + String(repeating: "x", count: .random(in: 0..<300, using: &random))
        }
        var answers: [String: String] = [:]
        var verdicts: [Bool: Int] = [:]
        for number in 1...32 {
            let question = text("question \(number) ")
            var foretold: [String: Bool] = [:]
            if var session = try await fixture.store.session(of: SessionsFixture.key) {
                if number == 14 {
                    session = try #require(try await fixture.manager.clearMessages(session.id)?.session)
                }
                for message in answers.keys {
                    foretold[message] = try await fixture.manager.shows(
                        answerStandingAs: message, in: session, before: question, to: ContextModel(model))
                }
            }
            guard case .started(let turn) = try await fixture.beginTurn(question, number: number).start else {
                throw StoreError.failed("the turn did not start")
            }
            var request = ContextRequest(session: turn.session.id, through: turn.message.seq)
            request.moment = fixture.time.now
            let shown = try #require(try await fixture.manager.buildContext(request)).messages
            for (message, verdict) in foretold {
                let answer = try #require(answers[message])
                #expect(verdict == shown.contains { $0.content.contains(answer) }, "\(message) before \(number)")
                verdicts[verdict, default: 0] += 1
            }
            let answer = text("answer \(number) ")
            let commit = try await fixture.manager.commitTurn(
                turn.id, ending: .answered, text: answer, model: "m", usage: nil,
                chunks: [RenderedChunk(text: answer)])
            guard case .committed(_, _, let rows) = commit else { throw StoreError.failed("superseded") }
            for row in rows { try await fixture.store.delivered(row.id, as: "\(number)", at: fixture.time.now) }
            answers["\(number)"] = answer
        }
        #expect(verdicts[false, default: 0] > 0)
        #expect((verdicts[true, default: 0] > 0) == (settings.contextMaxMessages > 1))
    }
}
