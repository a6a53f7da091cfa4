/// Why mybot could not start or go on, with the exit status that tells scripts the same.
package struct StartError: Error, CustomStringConvertible {
    /// One line: the cause and the mend.
    package let description: String
    /// 78 (`EX_CONFIG` of sysexits.h) for a configuration that must be mended, 1 for the rest.
    package let exitStatus: Int32

    package init(_ description: String, exitStatus: Int32 = 1) {
        self.description = description
        self.exitStatus = exitStatus
    }

    package init(_ error: ConfigurationError) {
        self.init(error.description, exitStatus: 78)
    }
}
