import BotCore
import CCurl

/// libcurl's multi handle, as a value that may be passed to the loop's thread.
///
/// Unchecked is sound: every function is called with it on the loop's thread alone, but for `curl_multi_wakeup`, which
/// libcurl allows from any thread; `Mailbox` calls it under its lock and only while open, and the loop closes the mailbox
/// before it frees the handle.
struct MultiHandle: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer

    /// Creates a handle; nil when there is no memory.
    static func make() -> MultiHandle? {
        guard globalInitialisation == CURLE_OK, let raw = curl_multi_init() else { return nil }
        return MultiHandle(raw: raw)
    }

    /// Frees the handle, which nobody may use any more.
    func free() { curl_multi_cleanup(raw) }
}

/// libcurl's one initialisation of the process, run by the first client.
private let globalInitialisation: CURLcode = curl_global_init(Int(CURL_GLOBAL_ALL))
