import BotCore
import Testing

struct RecentMapTests {
    @Test func theKeyThatCameFirstIsForgotten() {
        var map = RecentMap<Int, String>(capacity: 3)
        for key in 1...8 {
            map.set("\(key)", for: key)
            for known in max(1, key - 2)...key { #expect(map[known] == "\(known)") }
            #expect(map[key - 3] == nil)
        }
    }

    @Test func newValueChangesNoPlace() {
        var map = RecentMap<Int, String>(capacity: 2)
        map.set("one", for: 1)
        map.set("two", for: 2)
        map.set("uno", for: 1)
        #expect(map[1] == "uno")
        map.set("three", for: 3)
        #expect(map[1] == nil && map[2] == "two" && map[3] == "three")
    }

    @Test func valueThatIsNothingIsKnown() {
        var map = RecentMap<Int, Int?>(capacity: 1)
        map.set(nil, for: 1)
        #expect(map[1] == .some(nil))
        map.set(nil, for: 2)
        #expect(map[1] == nil)
    }
}
