package import CFaultyVFS

/// What befalls the files of a store: a full disk, a disk that errs, a lock that is taken, or death in the middle of a write.
package struct Fate: Sendable, CustomStringConvertible {
    package let plan: faulty_plan?
    package let description: String

    /// SQLite's codes, which are part of its file format's promises.
    private enum Code {
        static let busy: Int32 = 5
        static let full: Int32 = 13
        static let readError: Int32 = 10 | 1 << 8
        static let writeError: Int32 = 10 | 3 << 8
        static let syncError: Int32 = 10 | 4 << 8
        static let truncateError: Int32 = 10 | 6 << 8
    }

    /// What befalls a process: in one of four lives nothing, else an error or death at any call.
    ///
    /// - Parameter life: the seed.
    package init(life: UInt64) {
        var random = SeededRandom(seed: life)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: self.init(plan: nil, description: "nothing")
        case 1: self.init(error: &random)
        default: self.init(death: &random)
        }
    }

    /// An error of the disk or of a lock.
    package init(error random: inout SeededRandom) {
        let kinds = [
            ("FULL", FAULTY_WRITE, Code.full), ("IOERR_WRITE", FAULTY_WRITE, Code.writeError),
            ("IOERR_FSYNC", FAULTY_SYNC, Code.syncError), ("IOERR_TRUNCATE", FAULTY_TRUNCATE, Code.truncateError),
            ("IOERR_READ", FAULTY_READ, Code.readError), ("BUSY", FAULTY_LOCK, Code.busy),
            ("BUSY", FAULTY_LOCK, Code.busy),
        ]
        let (name, call, code) = kinds[Int.random(in: 0..<kinds.count, using: &random)]
        let after = Self.callsBefore(&random)
        let times = [1, 1, 2, 5, 20][Int.random(in: 0..<5, using: &random)]
        let tears = Bool.random(using: &random)
        self.init(
            plan: faulty_plan(
                calls: UInt32(call), after: after, times: Int64(times), code: code, tears: tears, kills: false),
            description: "\(name) at call \(after), \(times) times\(tears ? ", writes are torn" : "")")
    }

    /// A read that fails once.
    package static func readError(atCall call: Int) -> Fate {
        Fate(
            plan: faulty_plan(
                calls: UInt32(FAULTY_READ), after: Int64(call), times: 1, code: Code.readError, tears: false,
                kills: false),
            description: "IOERR_READ at call \(call)")
    }

    /// A lock that is taken for longer than a store waits for it.
    package static let longBusy = Fate(
        plan: faulty_plan(
            calls: UInt32(FAULTY_LOCK), after: 5, times: 70, code: Code.busy, tears: false, kills: false),
        description: "BUSY for some seconds")

    /// Death in the middle of a call that changes a file.
    private init(death random: inout SeededRandom) {
        let after = Self.callsBefore(&random)
        let tears = Bool.random(using: &random)
        let calls = FAULTY_WRITE | FAULTY_SYNC | FAULTY_TRUNCATE
        self.init(
            plan: faulty_plan(calls: UInt32(calls), after: after, times: 1, code: 0, tears: tears, kills: true),
            description: "death at call \(after)\(tears ? ", a write is torn" : "")")
    }

    private init(plan: faulty_plan?, description: String) {
        self.plan = plan
        self.description = description
    }

    /// Few calls as often as many: opening a store makes some dozens, a life thousands.
    private static func callsBefore(_ random: inout SeededRandom) -> Int64 {
        Int64.random(in: 0..<(Int64(1) << Int.random(in: 2..<13, using: &random)), using: &random)
    }
}
