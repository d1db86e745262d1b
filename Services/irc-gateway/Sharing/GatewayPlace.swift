/// Which of the gateways that share the channels this one is.
struct GatewayPlace: Hashable, Sendable {
    /// From 0; each gateway has another one, as soon as all know the same members.
    var index: Int
    var count: Int

    init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// The place by name.
    init(of own: String, among others: some Sequence<String>) {
        let others = Array(others)
        self.init(index: others.count { $0 < own }, count: others.count + 1)
    }

    /// This gateway's part of a number of things that cannot be had twice: the parts together are all of them.
    func part(of total: Int) -> Int { total / count + (index < total % count ? 1 : 0) }
}
