import BotCore
import Foundation

/// `current_time`: what the clocks of a time zone show.
struct CurrentTimeTool: Tool {
    let time: any TimeSource

    let description = ToolDescription(
        name: "current_time",
        purpose: "Tells the date, the weekday and the time that it is now in a time zone.",
        parameters: .object([
            "type": .string("object"),
            "properties": .object([
                "zone": .object([
                    "type": .string("string"),
                    "description": .string("The zone by its IANA name, such as Europe/Berlin or Asia/Tokyo, or UTC"),
                ])
            ]),
            "required": .array([.string("zone")]),
        ]))

    func run(_ arguments: ToolArguments, in turn: Turn) async throws(ToolFailure) -> String {
        let name = try arguments.optionalText("zone") ?? "UTC"
        guard let zone = Self.zone(name) else {
            throw ToolFailure("there is no time zone \(name.prefix(64)); use an IANA name such as America/New_York")
        }
        return Self.words(for: time.now, in: zone)
    }

    /// A zone by its IANA name, in any case. Abbreviations mean several zones, and are none.
    static func zone(_ name: String) -> TimeZone? {
        if ["utc", "gmt", "z", "etc/utc"].contains(name.lowercased()) { return .gmt }
        guard name.contains("/"), name.utf8.count <= 64 else { return nil }
        if let zone = TimeZone(identifier: name) { return zone }
        let same = TimeZone.knownTimeZoneIdentifiers.first { $0.lowercased() == name.lowercased() }
        return same.flatMap(TimeZone.init(identifier:))
    }

    /// As `Monday, 2026-11-23 05:31 in Europe/Berlin (UTC+01:00)`.
    static func words(for moment: Timestamp, in zone: TimeZone) -> String {
        let date = Date(timeIntervalSince1970: Double(moment.rawValue) / 1000)
        let seconds = zone.secondsFromGMT(for: date)
        let local = moment + .seconds(seconds)
        let (sign, minutes) = (seconds < 0 ? "-" : "+", abs(seconds) / 60)
        let offset = "UTC\(sign)\(digits(minutes / 60)):\(digits(minutes % 60))"
        let name = zone == .gmt ? "UTC" : "\(zone.identifier) (\(offset))"
        return "\(local.weekday), \(local.minute) in \(name)"
    }

    private static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
