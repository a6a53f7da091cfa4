import BotCore

/// Parts of Discord that are down.
extension FakeDiscord {
    /// Nothing comes over the connections that stand now any more, answers to heartbeats included, though they stay open.
    package func muteAll() {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.isMute.withLock { $0 = true } }
    }

    /// The next connections are accepted and not greeted.
    package func withholdHello(times: Int) { change { $0.withheldHellos = times } }

    /// The next identifies are not answered.
    package func withholdReady(times: Int) { change { $0.withheldStarts = times } }

    /// Whether the address for resuming takes no connections; sessions can be resumed at the other one then.
    package func breakResumeAddress(_ isBroken: Bool) { change { $0.isResumeAddressDead = isBroken } }

    /// Whether every request to the REST API is answered with 503.
    package func takeRESTDown(_ isDown: Bool) { change { $0.isRESTDown = isDown } }

    /// Ends all sessions and closes all connections with a code.
    package func endSessions(closing code: Int) {
        change { $0.sessions = [:] }
        closeAll(code)
    }

    /// The bot is in no server any more.
    package func leaveServer() { change { $0.hasServer = false } }

    /// What the bot's messages say now, in order, in each channel.
    package var sentTexts: [String: [String]] {
        state.withLock { state in
            var texts: [String: [String]] = [:]
            for message in state.messages where message.author == botID && !message.isLoading {
                texts[message.channel, default: []].append(message.content)
            }
            return texts
        }
    }

    /// Decides of each request, by its name, what goes wrong with it.
    package func failAtRandom(_ fault: @escaping @Sendable (String) -> FakeDiscordFault?) {
        change { $0.randomFault = fault }
    }
}
