import BotCore
import BotSessions

/// Loads what came with the message of a turn, for as long as the turn's model works.
struct MediaTurn: Sendable {
    let services: ConversationServices
    /// The model, for this turn.
    let provider: any ModelProvider

    /// - Parameter body: lets the model answer.
    /// - Returns: nil when the task was cancelled first.
    func with(
        mediaOf turn: Turn, on platform: Platform, _ body: (TurnMedia) async -> TurnGeneration.Outcome
    ) async -> TurnGeneration.Outcome? {
        guard let media = StoredMedia(metadata: turn.message.metadata) else { return await body(.none) }
        let plan = MediaPlan(media.attachments, seesImages: await provider.traits().seesImages)
        let loader = MediaLoader(
            source: services.attachments[platform], platform: platform, hasChoice: !services.models.choices.isEmpty,
            logger: services.logger)
        let outcome = await services.mediaMemory.with(plan.bytes) { keepOnly -> TurnGeneration.Outcome? in
            switch await loader.load(media, by: plan) {
            case .ready(let loaded):
                keepOnly(loaded.bytes)
                return await body(loaded)
            case .declined(let sentence): return .declined(sentence)
            case .cancelled: return nil
            }
        }
        return outcome ?? nil
    }
}

extension TurnGeneration {
    /// What one request shows of what came with the message.
    ///
    /// - Parameters:
    ///   - limit: the session's limit.
    ///   - fileTokens: the most tokens of files.
    func part(
        of media: TurnMedia, beside fixed: FixedPrompt, _ traits: ModelTraits, _ limit: Int, fileTokens: Int
    ) -> MediaPart {
        if media == .none { return .none }
        let model = provider.name
        let budget = RequestBudget(
            services.settings.maxOutputTokens, of: traits,
            beside: services.sessions.fixedTokens(of: fixed, for: model))
        return media.part(
            within: budget.roomForMedia(beside: limit), fileTokens: fileTokens,
            sizes: ModelMediaSizes(sessions: services.sessions, model: model))
    }
}

/// How large texts are for one model.
private struct ModelMediaSizes: MediaSizes {
    let sessions: SessionManager
    let model: String

    func blocks(of files: [PromptFile], within limit: Int) -> FileBlocks {
        sessions.blocks(of: files, within: limit, for: model)
    }

    func tokens(of text: String) -> Int { sessions.tokens(of: text, for: model) }
}
