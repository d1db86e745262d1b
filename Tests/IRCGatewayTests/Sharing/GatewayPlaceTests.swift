import Testing

@testable import irc_gateway

@Suite struct GatewayPlaceTests {
    @Test func `each of several has another place, whoever counts`() {
        let names = ["gw-b", "gw-a", "gw-c"]
        let places = names.map { own in GatewayPlace(of: own, among: names.filter { $0 != own }) }
        #expect(places.map(\.index) == [1, 0, 2] && places.allSatisfy { $0.count == 3 })
        #expect(GatewayPlace(of: "gw-a", among: [String]()) == GatewayPlace(index: 0, count: 1))
    }

    @Test(arguments: [(1, 1), (1, 2), (3, 2), (2, 5), (100, 7)])
    func `the parts of all are the whole`(total: Int, count: Int) {
        let parts = (0..<count).map { GatewayPlace(index: $0, count: count).part(of: total) }
        #expect(parts.reduce(0, +) == total)
        #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
    }
}
