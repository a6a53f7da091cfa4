/// How many tokens a picture may cost in a prompt. No vendor tells beforehand, and each counts in its own way, so this is an upper
/// bound over those whose way is known:
///
/// - Anthropic ("Vision"): one token for 28 by 28 pixels, at most 1,568 or 4,784 in all, after scaling down.
/// - OpenAI ("Images and vision"): one for 32 by 32 pixels, times up to 1.2 with the models that do not scale down.
/// - Google ("Media resolution"): 1,120 whatever its size.
enum ImageTokens {
    /// What the smallest picture is counted as, and what comes with each beside its pixels.
    private static let (least, beside) = (1200, 100)

    static func bound(width: Int, height: Int) -> Int {
        max(least, patches(width) * patches(height) + beside)
    }

    private static func patches(_ side: Int) -> Int { (max(1, min(side, 1 << 20)) + 27) / 28 }
}
