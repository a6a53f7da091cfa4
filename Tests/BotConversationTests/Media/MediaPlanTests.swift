import BotCore
import Testing

@testable import BotConversation

struct MediaPlanTests {
    static func references(_ plan: MediaPlan) -> [String] { plan.items.map(\.attachment.reference.rawValue) }

    @Test("T42: pictures are loaded for models that see, text files for all")
    func plansByModel() {
        let sent: [Attachment] = [
            .photo("p"), .file("scan", type: "image/png"), .file("notes", bytes: 10),
            .file("x", type: "application/pdf"),
        ]
        let seeing = MediaPlan(sent, seesImages: true)
        #expect(Self.references(seeing) == ["p", "scan", "notes", "x"])
        #expect(seeing.items.map(\.kind) == [.image, .image, .text, .text])
        #expect(seeing.items.map(\.limit) == [3_932_160, 3_932_160, 10, 1 << 20])
        #expect(seeing.unseen == 0)
        let blind = MediaPlan(sent, seesImages: false)
        #expect(Self.references(blind) == ["notes", "x"])
        #expect(blind.unseen == 2)
    }

    @Test("S10: not more pictures and files than a turn may have, the first ones first")
    func countsThem() {
        let sent = (0..<10).map { Attachment.photo("p\($0)", bytes: 100) } + (0..<6).map { .file("f\($0)", bytes: 5) }
        let plan = MediaPlan(sent, seesImages: true)
        #expect(Self.references(plan) == (0..<8).map { "p\($0)" } + (0..<4).map { "f\($0)" })
        #expect(plan.leftOut == 4)
        #expect(plan.bytes == 820)
    }

    @Test("S10: not more bytes than a turn may have, however many pictures there are")
    func countsBytes() {
        let half = MediaLimits.imageBytes
        let plan = MediaPlan((0..<8).map { .photo("p\($0)", bytes: half) }, seesImages: true)
        #expect(plan.items.count == MediaLimits.allImageBytes / half)
        #expect(plan.bytes <= MediaLimits.allImageBytes)
        let unknown = MediaPlan((0..<8).map { .photo("p\($0)", bytes: 0) }, seesImages: true)
        #expect(unknown.items.count == plan.items.count)
    }

    @Test("T42: what is too large by its own word is not asked for")
    func leavesOutLargeOnes() {
        let sent: [Attachment] = [
            .photo("p", bytes: MediaLimits.imageBytes + 1), .file("f", bytes: MediaLimits.fileBytes + 1),
            .photo("q", bytes: MediaLimits.imageBytes),
        ]
        let plan = MediaPlan(sent, seesImages: true)
        #expect(Self.references(plan) == ["q"])
        #expect(plan.tooLarge.map(\.attachment) == Array(sent.prefix(2)))
    }
}
