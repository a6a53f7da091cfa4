/// The rate of one model: what was believed of it, what its replies told, and what its refusals did.
struct LearntRate: Sendable {
    /// No tokenizer is believed to make more tokens than this of 1,000 counted ones.
    private static var highest: Int { 8000 }
    /// A refusal that does not say how long the prompt was raises the rate by a quarter.
    private static var step: (times: Int, per: Int) { (5, 4) }
    /// An exact count is doubted when replies surely report a twentieth more.
    private static var doubt: Double { 1.05 }
    /// The largest overhead that a refused prompt is forgiven before an exact count is doubted.
    private static var forgivenOverhead: Int { 1000 }

    private let believed: Int
    private var isExact: Bool
    private var calibration: Calibration
    /// What a refusal raised the rate to, and how many replies have come since.
    private var raised: (rate: Int, repliesSince: Int)?

    init(_ entry: ModelTokenTable.Entry) {
        believed = entry.perThousand
        isExact = entry.isExact
        calibration = Calibration(believedRate: Double(entry.perThousand) / 1000)
    }

    /// The most tokens of the model for 1,000 counted ones.
    var perThousand: Int {
        if isExact { return 1000 }
        var rate = Int(min(calibration.highRate * 1000, Double(Self.highest)).rounded(.up))
        if calibration.replies == 0 { rate = believed }
        if calibration.replies < Calibration.repliesToTrust { rate = max(rate, believed) }
        return min(max(1000, rate, raised?.rate ?? 0), Self.highest)
    }

    /// The most tokens of a prompt beside those of its texts.
    var overhead: Int {
        calibration.replies < Calibration.repliesToTrust ? 0 : Int(calibration.highOverhead.rounded(.up))
    }

    mutating func learn(counted: Int, reported: Int) {
        calibration.learn(counted: counted, reported: reported)
        if calibration.replies >= Calibration.repliesToTrust, calibration.lowRate > Self.doubt { isExact = false }
        if let before = raised {
            // By then the replies to shorter prompts have told what the refusal could not.
            let replies = before.repliesSince + 1
            raised = replies < Calibration.repliesToTrust ? (before.rate, replies) : nil
        }
    }

    mutating func learnTooLong(counted: Int, attempted: Int?) {
        guard Calibration.canBeTrue(counted) else { return }
        let attempted = attempted.flatMap { Calibration.canBeTrue($0) ? $0 : nil }
        if isExact {
            // The window is smaller than it was thought to be, unless the provider counted clearly more.
            guard let attempted, attempted > counted + counted / 20 + Self.forgivenOverhead else { return }
            isExact = false
        }
        var rate = perThousand
        if let attempted {
            calibration.learn(counted: counted, reported: attempted)
            rate = max(rate, (attempted * 1000 + counted - 1) / counted)
        } else {
            rate = rate * Self.step.times / Self.step.per
        }
        raised = (min(rate, Self.highest), 0)
    }
}
