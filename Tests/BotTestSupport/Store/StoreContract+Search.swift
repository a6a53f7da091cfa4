import BotCore
import Testing

extension StoreContract {
    /// Behaviours of `SearchStore`.
    package static let search: [Behaviour] = [
        Behaviour("finds messages by their words, the best first", findsBest),
        Behaviour("finds the newest of equals first", findsNewest),
        Behaviour("finds each message as soon as it is there", findsAtOnce),
        Behaviour("gives no more than the limit, and nothing for nothing", limitsHits),
        Behaviour("searches the range, from the floor to the head", searchesRange),
        Behaviour("searches neither what was cleared nor what was taken back", searchesShown),
        Behaviour("searches what the user and the assistant said", searchesRoles),
        Behaviour("finds parts of texts without spaces", findsUnspaced),
        Behaviour("finds emoji and what diacritics, case or width make different", findsFolded),
        Behaviour("never finds another session's messages", keepsApart),
        Behaviour("takes terms for data, whatever they hold", takesTermsForData),
        Behaviour("bounds a search of very many terms", boundsTerms),
        Behaviour("gives messages by number, oldest first, and only those that are shown", givesMessages),
    ]

    /// A session with these messages of the user, numbered from 1.
    private static func fill(
        _ store: any Store, _ texts: [String], number: Int64 = 1, role: Role = .user
    ) async throws -> SessionID {
        let session = try await store.getOrCreate(
            StoreSamples.session(.number(ConversationID(number))), at: StoreSamples.start)
        for text in texts {
            _ = try await store.append(StoreSamples.message(text, role: role), to: session.id, at: StoreSamples.start)
        }
        return session.id
    }

    private static func find(
        _ words: String, in session: SessionID, _ store: any Store, range: Range<Int64> = 1..<1000, limit: Int = 10
    ) async throws -> [Int64] {
        try await store.search(for: SearchText.terms(of: words), in: session, range: range, limit: limit).map(\.seq)
    }

    @Sendable private static func findsBest(_ store: any Store) async throws {
        let session = try await fill(
            store, ["red fish", "red door", "red rose", "blue door", "a green house", "red green house fish"])
        #expect(try await find("green fish", in: session, store).first == 6)
        // One rare word says more than one common word.
        #expect(try await find("red blue", in: session, store).first == 4)
        let hits = try await store.search(for: ["red", "fish"], in: session, range: 1..<100, limit: 10)
        #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
        #expect(hits.allSatisfy { $0.score > 0 })
        #expect(Set(hits.map(\.seq)) == [1, 2, 3, 6])
    }

    @Sendable private static func findsNewest(_ store: any Store) async throws {
        let session = try await fill(store, ["red one", "other", "red two", "red three"])
        #expect(try await find("red", in: session, store) == [4, 3, 1])
    }

    @Sendable private static func findsAtOnce(_ store: any Store) async throws {
        let session = try await fill(store, [])
        let other = try await fill(store, [], number: 2)
        for seq in 1...40 as ClosedRange<Int64> {
            // One in seven is long, and every second one is searched for only later.
            let text = "red n\(seq) " + String(repeating: "and ", count: seq % 7 == 0 ? 700 : 1)
            let roles: [Role] = [.user, .assistant, .tool]
            let role = roles[Int(seq) % 3]
            _ = try await store.append(StoreSamples.message(text, role: role), to: session, at: StoreSamples.start)
            _ = try await store.append(StoreSamples.message("red"), to: other, at: StoreSamples.start)
            if seq % 2 == 0 { continue }
            #expect(try await find("n\(seq)", in: session, store) == (role == .tool ? [] : [seq]))
            let said = (1...seq).filter { $0 % 3 != 2 }.count
            #expect(try await find("red", in: session, store, limit: 99).count == said)
        }
        #expect(try await find("red", in: other, store, limit: 99).count == 40)
    }

    @Sendable private static func limitsHits(_ store: any Store) async throws {
        let session = try await fill(store, Array(repeating: "red", count: 9))
        #expect(try await find("red", in: session, store, limit: 2) == [9, 8])
        #expect(try await find("red", in: session, store, limit: 0) == [])
        #expect(try await find("red", in: session, store, limit: -1) == [])
        #expect(try await find("", in: session, store) == [])
        #expect(try await find("green", in: session, store) == [])
        #expect(try await find("red", in: SessionID(999), store) == [])
    }

    @Sendable private static func searchesRange(_ store: any Store) async throws {
        let session = try await fill(store, Array(repeating: "red", count: 9))
        #expect(try await find("red", in: session, store, range: 3..<6) == [5, 4, 3])
        #expect(try await find("red", in: session, store, range: 3..<3) == [])
        #expect(try await find("red", in: session, store, range: -50..<3) == [2, 1])
        #expect(try await find("red", in: session, store, range: 9..<Int64.max) == [9])
        #expect(try await find("red", in: session, store, range: 10..<Int64.max) == [])
        #expect(try await find("red", in: session, store, range: Int64.min..<0) == [])
    }

    @Sendable private static func searchesShown(_ store: any Store) async throws {
        let session = try await fill(store, ["red one", "red two"])
        let request = CommandRequest(
            conversation: .number(ConversationID(1)), event: nil, at: StoreSamples.at(1))
        _ = try await store.reset(request, stopped: StoreSamples.stopped, confirmation: { _ in [] })
        #expect(try await find("red", in: session, store) == [])
        #expect(try await store.messages(of: session, seqs: [1, 2]) == [])
        _ = try await store.undo(request, within: .seconds(60), confirmation: { _ in [] })
        #expect(try await find("red", in: session, store) == [2, 1])
        _ = try await store.undo(request, within: .seconds(60), confirmation: { _ in [] })
        #expect(try await find("red", in: session, store) == [1])
        #expect(try await store.messages(of: session, seqs: [1, 2]).map(\.seq) == [1])
        let after = StoreSamples.message("red three")
        _ = try await store.append(after, to: session, at: StoreSamples.at(2))
        #expect(try await find("red", in: session, store) == [3, 1])
    }

    @Sendable private static func searchesRoles(_ store: any Store) async throws {
        let session = try await fill(store, ["red"])
        for role in [Role.assistant, .tool, .system] {
            _ = try await store.append(StoreSamples.message("red", role: role), to: session, at: StoreSamples.start)
        }
        #expect(try await find("red", in: session, store) == [2, 1])
    }

    @Sendable private static func findsUnspaced(_ store: any Store) async throws {
        let session = try await fill(
            store, ["我的猫叫咪咪", "パスワードは秘密です", "비밀번호는 장미", "รหัสผ่านของฉันคือกุหลาบ", "这是一只猫", "मेरी बिल्ली"])
        #expect(try await find("咪咪", in: session, store) == [1])
        #expect(try await find("猫", in: session, store) == [5, 1])
        #expect(try await find("秘密", in: session, store) == [2])
        #expect(try await find("ﾊﾟｽﾜｰﾄﾞ", in: session, store) == [2])
        #expect(try await find("비밀번호", in: session, store) == [3])
        #expect(try await find("กุหลาบ", in: session, store).first == 4)
        #expect(try await find("बिल्ली", in: session, store) == [6])
        #expect(try await find("犬", in: session, store) == [])
    }

    @Sendable private static func findsFolded(_ store: any Store) async throws {
        let session = try await fill(
            store, ["Café 🎸 Núñez", "Ана и ЁЖ", "ＷＩＦＩ ok", "Straße 2024-02-29", "don't e-mail Ana's dog"])
        for (words, seq) in [
            ("cafe", 1), ("NUNEZ", 1), ("🎸", 1), ("еж", 2), ("wifi", 3), ("STRASSE", 4), ("2024-02-29", 4),
            ("email", 5),
            ("ana", 5),
        ] as [(String, Int64)] {
            #expect(try await find(words, in: session, store) == [seq], "\(words)")
        }
    }

    @Sendable private static func keepsApart(_ store: any Store) async throws {
        let first = try await fill(store, ["red canary", "red"], number: 1)
        let second = try await fill(store, ["red parrot"], number: 2)
        let third = try await fill(store, ["canary", "canary", "canary"], number: 3)
        #expect(try await find("red canary", in: second, store) == [1])
        #expect(try await find("canary", in: second, store) == [])
        #expect(try await find("red canary", in: first, store) == [1, 2])
        #expect(try await find("canary", in: third, store, range: Int64.min..<Int64.max) == [3, 2, 1])
        // What others hold changes no weight.
        let before = try await store.search(for: ["red", "canary"], in: first, range: 1..<9, limit: 9)
        _ = try await fill(store, Array(repeating: "canary red", count: 20), number: 4)
        #expect(try await store.search(for: ["red", "canary"], in: first, range: 1..<9, limit: 9) == before)
    }

    @Sendable private static func takesTermsForData(_ store: any Store) async throws {
        let session = try await fill(store, ["red near blue", "or and not", "norm x"])
        let other = try await fill(store, ["secret"], number: 2)
        let hostile = [
            "NEAR(red blue, 5)", "red* OR secret", "\"", "\"\"", "' OR 1=1 --", "norm:secret", "{norm}:x", "^red",
            "red\" OR \"secret",
            "rowid:1", "*", "-", "(", ")", "AND", "NOT", "OR", "a\u{0}b", "'; DROP TABLE message; --", "\u{202E}der",
            "+", "\\", "%",
            String(repeating: "\"", count: 999), String(repeating: "(", count: 999),
            String(repeating: "x", count: 100_000),
            "\u{FFFD}", "\u{E000}", "\u{10FFFF}", "🏳️‍🌈", "\u{200B}",
        ]
        for term in hostile {
            for terms in [[term], ["red", term], SearchText.terms(of: term)] {
                let hits = try await store.search(for: terms, in: session, range: 1..<100, limit: 10)
                #expect(hits.allSatisfy { (1...3).contains($0.seq) }, "\(term.prefix(40))")
            }
        }
        #expect(try await find("secret", in: other, store) == [1])
        #expect(try await find("or", in: session, store) == [2])
    }

    @Sendable private static func boundsTerms(_ store: any Store) async throws {
        let session = try await fill(store, ["red", "w5"])
        let many = ["red"] + (0..<10_000).map { "w\($0)" }
        let hits = try await store.search(for: many, in: session, range: 1..<100, limit: 10)
        #expect(hits.contains { $0.seq == 1 } || hits.contains { $0.seq == 2 })
    }

    @Sendable private static func givesMessages(_ store: any Store) async throws {
        let session = try await fill(store, ["one", "two", "three"])
        let messages = try await store.messages(of: session, seqs: [3, 1, 1, 99, -1, 0])
        #expect(messages.map(\.text) == ["one", "three"])
        #expect(try await store.messages(of: session, seqs: []) == [])
        #expect(try await store.messages(of: SessionID(999), seqs: [1]) == [])
    }
}
