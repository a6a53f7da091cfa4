package import BotCore

extension DiscordPlatform {
    /// See `ChatTransport`: the owner of the server, and who has a role that may administer or manage it.
    ///
    /// These two permissions are the roles' alone (Permissions, "Permission Overwrites"): no channel gives or takes them.
    package func administers(_ person: Speaker, _ scope: ChatScope) async throws(DeliveryError) -> Bool {
        guard case .shared(let space, title: _) = scope, let id = space.split(separator: ":").last else { return false }
        do throws(RESTError) {
            let guild = try DiscordREST.read(DiscordGuild.self, from: try await rest.send(.guild(String(id))))
            return guild.isAdministered(by: person.id, with: person.roles)
        } catch {
            throw DiscordSender.translated(error)
        }
    }

    /// See `ChatTransport`. Nobody is known before Discord has said who the bot is.
    package func openPrivateChat(with person: String) async throws(DeliveryError) -> ConversationKey? {
        guard let account else { return nil }
        do throws(RESTError) {
            return ConversationKey(
                platform: .discord, account: account, chat: try await directChannels.channel(with: person))
        } catch {
            throw DiscordSender.translated(error)
        }
    }
}
