import BotCore

/// What each fault causes: Discord's close codes (Gateway, "Close Event Codes"), dead connections and refused sessions.
extension GatewayMachine {
    /// A connection that was closed or broke; `code` is nil when it broke without one.
    mutating func lost(code: Int?, at now: GatewayMoment) -> [Action] {
        guard isConnected else { return [] }
        var actions = countFailure()
        switch code {
        case 4004: return stop(.tokenRefused)
        case 4014 where asksForContent:
            asksForContent = false
            actions = dropSession()
        case 4014: return stop(.intentsRefused(withContent: settings.wantsContent))
        case .some(let code) where (4010...4013).contains(code): return stop(.unusable(code: code))
        // The session has ended (1000, 1001), is in disorder (4003, 4005) or its number is wrong (4007).
        case 1000, 1001, 4003, 4005, 4007: actions = dropSession()
        default: break
        }
        return actions + [retry(after: nextWait(at: now), nil, at: now)]
    }

    /// Leaves a connection that stands, so that its session can be resumed.
    mutating func leave(at now: GatewayMoment) -> [Action] {
        [.close(code: Self.closeCode)] + lost(code: nil, at: now)
    }

    /// Opcode 9 without a way back: a new session, after the one to five seconds that Discord asks for.
    mutating func invalidated(at now: GatewayMoment) -> [Action] {
        let wait = max(.seconds(1) + .seconds(4) * random(), backoff.next(random: random()))
        return [.close(code: Self.closeCode)] + dropSession() + [retry(after: wait, nil, at: now)]
    }

    /// Replaces a connection that answers heartbeats and tells of nothing: a resume brings what it kept to itself. Where nothing comes
    /// for long even so, the session itself may be deaf, and a new one is begun.
    mutating func replaceSilent(at now: GatewayMoment) -> [Action] {
        silentSpells += 1
        guard silentSpells >= Self.silentSpellsOfSession else { return leave(at: now) }
        silentSpells = 0
        return [.close(code: Self.closeCode)] + dropSession() + [retry(after: .zero, nil, at: now)]
    }

    mutating func connectFailed(_ reason: String, at now: GatewayMoment) -> [Action] {
        guard phase == .connecting else { return [] }
        if isAtCachedAddress {
            gateway = nil
            if isResuming { unreachableResumes += 1 }
        } else {
            unreachableResumes += 1
        }
        let wait = pause(at: now)
        return [retry(after: wait, "Discord's gateway cannot be reached (\(reason)); trying again", at: now)]
    }

    mutating func stop(_ reason: GatewayStop) -> [Action] {
        phase = .stopped
        session = nil
        return [.store(nil), .report(.failed, problem: reason.sentence), .stop(reason)]
    }

    mutating func retry(after wait: Duration, _ problem: String?, at now: GatewayMoment) -> Action {
        phase = .waiting(until: now.uptime + wait)
        nextBeat = nil
        return .report(.connecting, problem: problem)
    }

    /// The first resume goes at once, unless the one before has been only just now; everything else backs off.
    private mutating func nextWait(at now: GatewayMoment) -> Duration {
        let wait = if case .greeting = phase { pause(at: now) } else { backoff.next(random: random()) }
        guard session != nil, backoff.failures == 1, lastImmediate.map({ now.uptime - $0 >= .seconds(5) }) ?? true
        else { return wait }
        lastImmediate = now.uptime
        return .zero
    }

    /// What is left of the pause after an attempt that was never greeted: it counts from when the attempt began, so that one which was
    /// silent until its deadline has waited already. Where an Identify may have left the whole pause is kept, for those are few.
    private mutating func pause(at now: GatewayMoment) -> Duration {
        max(.zero, backoff.next(random: random()) - (now.uptime - attemptBegan))
    }

    /// After three resumes in a row that Discord did not accept, the session counts as gone. An address that says no Hello is as
    /// bad as one that does not connect.
    private mutating func countFailure() -> [Action] {
        switch phase {
        case .greeting where isAtCachedAddress:
            gateway = nil
            unreachableResumes += 1
        case .greeting:
            // It has cost a deadline already: the other address comes next.
            unreachableResumes = max(3, unreachableResumes + 1)
        case .starting where isResuming:
            failedResumes += 1
            if failedResumes >= 3 { return dropSession() }
        case .idle, .locating, .waiting, .connecting, .starting, .up, .stopped: break
        }
        return []
    }

    mutating func dropSession() -> [Action] {
        session = nil
        failedResumes = 0
        unreachableResumes = 0
        return [.store(nil)]
    }
}
