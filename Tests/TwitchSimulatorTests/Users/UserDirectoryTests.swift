import Testing

@testable import twitch_simulator

@Suite struct UserDirectoryTests {
    @Test func `an id stays when the login changes`() {
        var users = UserDirectory()
        let id = users.id(of: "quietharbor")
        #expect(id == Login.userID(of: "quietharbor"))
        #expect(users.rename("quietharbor", to: "loudharbor")?.displayName == "Loudharbor")
        #expect(users.id(of: "loudharbor") == id)
        #expect(users.id(of: "quietharbor") == nil)
        #expect(id.flatMap { users.login(of: $0) } == "loudharbor")
    }

    @Test func `a login that was given up can become somebody else's, or its owner's again`() {
        var users = UserDirectory()
        let first = users.id(of: "a")
        _ = users.rename("a", to: "b")
        #expect(users.rename("c", to: "a")?.id == users.id(of: "a"))
        #expect(users.id(of: "a") != first)
        _ = users.rename("a", to: "d")
        #expect(users.rename("b", to: "a")?.id == first)
    }

    @Test func `nobody who gave up a login can be renamed`() {
        var users = UserDirectory()
        _ = users.rename("a", to: "b")
        #expect(users.rename("a", to: "c") == nil)
    }
}
