import BotCore
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct OpenFileLimitTests {
    @Test func theLimitIsTheHighestThatIsAllowed() {
        OpenFileLimit.raise()
        var limit = rlimit()
        #if canImport(Glibc)
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #else
            #expect(getrlimit(RLIMIT_NOFILE, &limit) == 0)
        #endif
        #expect(limit.rlim_cur == limit.rlim_max)
    }
}
