extension PriceTable {
    /// What vendors ask for a million tokens at their own API (prompt, prompt from the cache, answer), in US dollars, as far as it is
    /// known; the rest has no price until the owner gives it one.
    ///
    /// Read in November 2026 from texts that cite the vendors' lists of these days: OpenAI, "Pricing" (developers.openai.com/api/docs/pricing)
    /// and its models' pages; Anthropic, "Pricing" (platform.claude.com/docs/en/about-claude/pricing). They are those of plain requests with
    /// prompts of ordinary length; writing to a cache, long prompts and quicker service cost more, batches less.
    package static let known = PriceTable(lines: [
        "gpt-6.1-sol=2/0.10/10", "gpt-6.1-terra=1/0.05/5", "gpt-6-sol=2/0.20/10", "gpt-6-luna=0.10/0.01/0.50",
        "gpt-5.6-terra=2/0.20/12", "gpt-5.6-luna=0.20/0.02/1.20", "gpt-5.5=5/0.50/30", "gpt-5.4=2.50/0.25/15",
        "gpt-5.4-mini=0.75/0.075/4.50", "gpt-5.4-nano=0.20/0.02/1.25", "gpt-5.2=1.75/0.175/14",
        "gpt-5-mini=0.25/0.025/2", "gpt-5-nano=0.05/0.005/0.40", "gpt-4.1=2/0.50/8", "gpt-4o=2.50/1.25/10",
        "gpt-4o-mini=0.15/0.075/0.60",
        "claude-fable-5-1=10/0.25/50", "claude-fable-5=10/1/50", "claude-opus-5-5=4/0.20/20",
        "claude-opus-5=5/0.50/25", "claude-opus-4-8=5/0.50/25", "claude-opus-4-7=5/0.50/25",
        "claude-opus-4-6=5/0.50/25", "claude-opus-4-5=5/0.50/25", "claude-sonnet-5-5=2/0.10/10",
        "claude-sonnet-5=2/0.20/10", "claude-sonnet-4-6=3/0.30/15", "claude-sonnet-4-5=3/0.30/15",
        "claude-haiku-5-5=0.10/0.01/0.50", "claude-haiku-4-5=1/0.10/5",
    ])
}
