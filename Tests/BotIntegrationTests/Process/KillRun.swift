import BotCore
import BotStore
import BotTestSupport

/// Kills the bot again and again while people talk to it, and counts what became of their messages.
struct KillRun {
    /// What came out.
    struct Figures: Sendable {
        var kills = 0
        var stops = 0
        var asked = 0
        var answered = 0
        var labelled = 0
        var repeats = 0
        var modelCalls = 0
        var identifies = 0
        var seconds = 0.0
        /// What was lost, repeated, out of order or left unfinished, and whatever else is wrong.
        var problems: [String] = []

        /// One line for a person and for a script.
        var line: String {
            "kills=\(kills) stops=\(stops) messages=\(asked) answered=\(answered) labelled=\(labelled) "
                + "labelled_repeats=\(repeats) model_calls=\(modelCalls) identifies=\(identifies) "
                + "problems=\(problems.count) seconds=\(Int(seconds))"
        }
    }

    let kills: Int
    let seed: UInt64
    /// How long a backlog may take to be answered.
    var patience = Duration.seconds(30)
    /// Whether each round is printed.
    var isTalkative = false

    func run() async throws -> Figures {
        try await TemporaryDirectory.with { folder in
            try await withFakeTelegram { telegram in
                try await withFakeDiscord { discord in
                    try await withFakeModelServer { model in
                        var home = BotHome(folder)
                        try await home.connect(telegram: telegram, discord: discord, model: model)
                        home.environment["ACCESS_ALLOW"] = "*"
                        home.environment["LOG_LEVEL"] = "debug"
                        return try await Stage(
                            run: self, home: home, telegram: telegram, discord: discord, model: model
                        )
                        .play()
                    }
                }
            }
        }
    }

    /// The fakes, the people and the bot.
    private struct Stage: Sendable {
        let run: KillRun
        let home: BotHome
        let telegram: FakeTelegram
        let discord: FakeDiscord
        let model: FakeModelServer
        let people: TalkingPeople

        init(run: KillRun, home: BotHome, telegram: FakeTelegram, discord: FakeDiscord, model: FakeModelServer) {
            (self.run, self.home) = (run, home)
            (self.telegram, self.discord, self.model) = (telegram, discord, model)
            people = TalkingPeople(telegram: telegram, discord: discord)
            model.setFallback { call in
                let number = call.question.flatMap(NumberedAnswer.number)
                return number.map { NumberedAnswer(number: $0).streamed } ?? ModelAnswer("no number")
            }
            let random = Lock(SeededRandom(seed: run.seed &+ 1))
            let delay: @Sendable (String) -> Duration = { _ in
                random.withLock { random in
                    // Most answers come at once, some late.
                    Int.random(in: 0..<3, using: &random) > 0
                        ? .zero : .milliseconds(Int.random(in: 1..<120, using: &random))
                }
            }
            telegram.delayAnswers(delay)
            discord.delayAnswers(delay)
        }

        func play() async throws -> Figures {
            let time = SystemTime()
            let start = time.uptime
            var figures = Figures()
            // The first start ends once everybody has an answer: from then on Discord keeps what the bot misses.
            figures.problems += try await home.withBot { bot in
                try await within(.seconds(20), "Discord's first session") { try await discord.until(\.isReady) }
                people.greet()
                let problems = try await people.answers(within: run.patience)
                bot.kill()
                _ = try await within(.seconds(10), "death") { try await bot.end() }
                return problems
            }
            figures.kills = 1
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await people.talk(seed: run.seed) }
                try await killAgainAndAgain(&figures)
                people.fallSilent()
                try await group.waitForAll()
            }
            try await comeToRest(&figures)
            count(&figures)
            figures.seconds = Double((time.uptime - start).milliseconds) / 1000
            return figures
        }

        private func killAgainAndAgain(_ figures: inout Figures) async throws {
            var random = SeededRandom(seed: run.seed)
            var round = 0
            while figures.kills < run.kills, figures.problems.isEmpty {
                round += 1
                let moment = KillMoment.random(using: &random)
                // A question that crashes the bot three times is set aside, so in every second round all of them are answered first.
                let isCalm = round % 2 == 0
                let isStop = round % 5 == 0
                let began = SystemTime().uptime
                defer {
                    if run.isTalkative {
                        print("soak kill round \(round) \(moment) calm=\(isCalm) took \(SystemTime().uptime - began)")
                    }
                }
                let (problems, exit) = try await home.withBot { bot in
                    let problems = isCalm ? try await people.answers(within: run.patience) : []
                    try await moment.come(telegram: telegram, discord: discord, model: model)
                    if isStop { bot.terminate() } else { bot.kill() }
                    return (problems, try await within(.seconds(15), "the end after \(moment)") { try await bot.end() })
                }
                figures.problems += problems.map { "round \(round): \($0)" }
                if isStop {
                    figures.stops += 1
                    // A start that has not come as far as its signals is ended by the signal itself.
                    if exit != .status(0), exit != .signal(15) {
                        figures.problems.append("round \(round): ended with \(exit)")
                    }
                } else {
                    figures.kills += 1
                    if exit != .signal(9) { figures.problems.append("round \(round): it ended by itself: \(exit)") }
                }
            }
        }

        /// All is answered; nothing comes after that, neither now nor after another start.
        private func comeToRest(_ figures: inout Figures) async throws {
            for _ in 1...2 {
                let polls = telegram.requests("getUpdates").count
                figures.problems += try await home.withBot { bot in
                    var problems = try await people.answers(within: run.patience)
                    try await within(.seconds(20), "the links") {
                        try await telegram.until { $0.requests("getUpdates").count > polls }
                        try await discord.until(\.isReady)
                    }
                    try await SystemTime().sleep(for: .milliseconds(700))
                    bot.terminate()
                    let exit = try await within(.seconds(12), "the end") { try await bot.end() }
                    if exit != .status(0) { problems.append("the last stop ended with \(exit): \(bot.complaints)") }
                    return problems
                }
            }
            let leftovers = try await KillRun.leftovers(in: home.folder.file("data/mybot.db"))
            if leftovers > 0 { figures.problems.append("\(leftovers) events and rows are left in the database") }
        }

        private func count(_ figures: inout Figures) {
            figures.asked = people.askedCount
            for (name, audit) in people.audits {
                figures.answered += audit.answered
                figures.labelled += audit.labelled
                figures.repeats += audit.repeats
                figures.problems += audit.verdict.map { "\(name): \($0)" }
            }
            figures.modelCalls = model.calls.count
            figures.identifies = discord.identifyCount
            figures.problems += telegram.violations.map { "Telegram: \($0)" }
            // After a restart the bot cannot know what is left of a limit; it only has to heed the answer.
            figures.problems += discord.violations.filter { !$0.hasPrefix("rate limit") }.map { "Discord: \($0)" }
            if !telegram.unconfirmed.isEmpty { figures.problems.append("Telegram still keeps updates") }
        }
    }
}

extension KillRun {
    /// What the database holds that is not done: nothing, after a run.
    static func leftovers(in path: String) async throws -> Int {
        let store = try SQLiteStore.open(path: path)
        var count = try await store.unfinished(after: nil, limit: 100).count
        for platform in [Platform.telegram, .discord] {
            count += try await store.ready(on: platform, after: nil, limit: 100).count
        }
        try store.close()
        return count
    }
}
