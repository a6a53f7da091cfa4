/// Why something that a person has sent could not be loaded. No text here holds an address.
package enum AttachmentError: Error, Sendable, Equatable {
    /// It is larger than was asked for, or than the platform gives away.
    case tooLarge
    /// The platform does not have it any more.
    case gone
    /// It could not be loaded now; the text is for the log.
    case unavailable(String)
    /// The task was cancelled.
    case cancelled
}
