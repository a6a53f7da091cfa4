import BotCore
import BotTestSupport

/// Many people ask at once, round after round; measured is what the bot adds to the time of its model, as the fakes see it.
struct TurnLoad: Sendable {
    /// What came out.
    struct Figures: Sendable {
        /// From the moment at which somebody wrote to that at which the model was asked.
        var before: [Duration] = []
        /// From the model's last byte to the request that sends the answer.
        var after: [Duration] = []
        /// What the bot added to each answer: both together.
        var added: [Duration] = []
        /// The memory after each round, in bytes.
        var memory: [Int] = []
        var problems: [String] = []

        /// One line for a person and for a script: milliseconds, and MiB.
        var line: String {
            func span(_ name: String, _ spans: [Duration]) -> String {
                "\(name)_p50=\(Self.percentile(50, of: spans)) \(name)_p99=\(Self.percentile(99, of: spans))"
            }
            let places = [1, memory.count / 2, memory.count - 1].filter(memory.indices.contains)
            let rss = places.map { "rss_round\($0 + 1)=\(memory[$0] >> 20)" }.joined(separator: " ")
            return "turns=\(added.count) \(span("before_ms", before)) \(span("after_ms", after)) "
                + "\(span("added_ms", added)) \(rss) problems=\(problems.count)"
        }

        static func percentile(_ percent: Int, of spans: [Duration]) -> Int64 {
            let sorted = spans.sorted()
            return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)].milliseconds
        }
    }

    let people: Int
    let rounds: Int
    var latency = Duration.milliseconds(50)
    var patience = Duration.seconds(60)

    func run() async throws -> Figures {
        try await TemporaryDirectory.with { folder in
            try await withFakeTelegram { telegram in
                try await withFakeModelServer { model in
                    var home = BotHome(folder)
                    try await home.connect(telegram: telegram, model: model)
                    home.environment["ACCESS_ALLOW"] = "*"
                    model.setFallback { call in
                        ModelAnswer("re: \(call.question ?? "")", pieceLength: 100, delay: latency)
                    }
                    return try await home.withBot { bot in try await talk(to: bot, telegram, model) }
                }
            }
        }
    }

    private func talk(to bot: BotProcess, _ telegram: FakeTelegram, _ model: FakeModelServer) async throws -> Figures {
        let time = SystemTime()
        let answers = Lock<[String: [Duration]]>([:])
        telegram.watch { request in
            guard request.method == "sendMessage", let text = request.text("text") else { return }
            let now = time.uptime
            answers.withLock { $0[text, default: []].append(now) }
        }
        let users = (1...people).map { telegram.user(Int64(1000 + $0)) }
        // Who is not awaited would be measured with the start.
        try await within(patience, "the first poll") {
            try await telegram.until { !$0.requests("getUpdates").isEmpty }
        }
        var figures = Figures()
        for round in 1...rounds {
            var asked: [String: Duration] = [:]
            let callsBefore = model.calls.count
            for (number, user) in users.enumerated() {
                let question = "question \(round) of \(number)"
                asked[question] = time.uptime
                user.say(question)
            }
            let wanted = asked.keys.map { "re: \($0)" }
            do {
                try await within(patience, "round \(round)") {
                    try await telegram.until { _ in answers.withLock { known in wanted.allSatisfy { known[$0] != nil } }
                    }
                }
            } catch BotProcessError.overdue(let what) {
                figures.problems.append("\(what) has no end")
                break
            }
            figures.add(asked, model.calls.dropFirst(callsBefore), answers.withLock { $0 })
            figures.memory.append(bot.residentBytes ?? 0)
        }
        figures.problems += telegram.violations
        figures.problems += answers.withLock { $0 }.filter { $0.value.count > 1 }.map { "twice: \($0.key)" }
        return figures
    }
}

extension TurnLoad.Figures {
    /// Adds a round.
    fileprivate mutating func add(
        _ asked: [String: Duration], _ calls: ArraySlice<FakeModelServer.Call>, _ answers: [String: [Duration]]
    ) {
        if calls.count != asked.count { problems.append("\(calls.count) calls for \(asked.count) questions") }
        for call in calls {
            guard let question = call.question, let asked = asked[question], let ended = call.endedAt,
                let answered = answers["re: \(question)"]?.first
            else {
                problems.append("a call that nobody had asked for: \(call.question ?? "")")
                continue
            }
            before.append(call.cameAt - asked)
            // The fake may note the end of its answer a little after the bot has read it.
            after.append(max(.zero, answered - ended))
            added.append(before[before.count - 1] + after[after.count - 1])
        }
    }
}
