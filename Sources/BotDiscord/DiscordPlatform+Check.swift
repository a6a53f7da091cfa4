extension DiscordPlatform {
    /// Asks Discord where the gateway is, which it tells only bots that it knows: the check of a token. Takes about 20 s at most.
    ///
    /// - Returns: what is wrong and what to do, in one sentence; nil when all is well.
    package func findProblem() async -> String? {
        do throws(RESTError) {
            _ = try await rest.location()
            return nil
        } catch .unauthorized {
            return GatewayStop.tokenRefused.sentence
        } catch {
            return "Discord cannot be reached: check this machine's network, and discord.apiBaseURL if it is set"
        }
    }
}
