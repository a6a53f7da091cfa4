/// Cleans names, titles and the like, which strangers write, before they are shown to a model or a person.
package enum DisplayName {
    /// The longest name that is shown, in Unicode scalars.
    package static let limit = 64

    /// Returns the name without controls, line breaks, bidirectional overrides and angle brackets, on one line, capped.
    package static func cleaned(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        var pendingSpace = false
        for scalar in name.unicodeScalars {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                pendingSpace = !scalars.isEmpty
                continue
            }
            if isDangerous(scalar) { continue }
            if scalars.count + (pendingSpace ? 2 : 1) > limit { break }
            if pendingSpace { scalars.append(" ") }
            pendingSpace = false
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C, 0xFEFF: true  // bidirectional controls, BOM
        case 0xE0000...0xE007F: true  // invisible tag characters
        case 0x3C, 0x3E: true  // angle brackets would look like the markup around data
        default: false
        }
    }
}
