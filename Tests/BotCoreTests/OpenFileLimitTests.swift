import BotCore
import Glibc
import Testing

struct OpenFileLimitTests {
    @Test func theLimitIsTheHighestThatIsAllowed() {
        OpenFileLimit.raise()
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == limit.rlim_max)
    }
}
