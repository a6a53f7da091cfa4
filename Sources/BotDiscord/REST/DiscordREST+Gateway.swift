import BotCore

extension DiscordREST {
    private struct Answer: Decodable {
        let url: String
        let limit: Limit?

        struct Limit: Decodable {
            let total: Int
            let remaining: Int
            let resetAfter: Int64

            enum CodingKeys: String, CodingKey {
                case total, remaining
                case resetAfter = "reset_after"
            }
        }

        enum CodingKeys: String, CodingKey {
            case url
            case limit = "session_start_limit"
        }
    }

    /// Where the gateway is, and how many identifies are left (Gateway, "Get Gateway Bot").
    func location() async throws(RESTError) -> GatewayLocation {
        let answer = try Self.read(Answer.self, from: try await send(.gateway))
        return GatewayLocation(
            url: answer.url, total: answer.limit?.total ?? 1000, remaining: answer.limit?.remaining ?? 1000,
            resetAfter: .milliseconds(answer.limit?.resetAfter ?? 0))
    }
}
