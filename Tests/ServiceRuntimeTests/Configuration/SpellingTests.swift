import Testing

@testable import ServiceRuntime

struct SpellingTests {
    @Test(arguments: [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 2), ("kitten", "sitting", 3), ("", "ab", 2)])
    func `the distance is Levenshtein's`(left: String, right: String, distance: Int) {
        #expect(Spelling.distance(left, right) == distance)
        #expect(Spelling.distance(right, left) == distance)
    }

    @Test func `only what is close is suggested`() {
        #expect(Spelling.closest(to: "user_logn", among: ["user_id", "user_login"]) == "user_login")
        #expect(Spelling.closest(to: "colour", among: ["user_id", "user_login"]) == nil)
    }
}
