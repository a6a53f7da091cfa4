/// A configuration that mybot cannot start with; the description is one line for the owner, without any value of a secret.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
