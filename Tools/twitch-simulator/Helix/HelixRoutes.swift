import HTTPTypes
import Hummingbird

/// `/helix/…` over HTTP.
enum HelixRoutes {
    static func add(to router: Router<SimulatorRequestContext>, _ simulator: Simulator) {
        let clientID = HTTPField.Name("Client-Id")
        for endpoint in HelixEndpoint.allCases {
            router.get("helix/\(endpoint.rawValue)") { request, context in
                let asked = HelixRequest(
                    query: request.queryFields,
                    authorization: request.headers[.authorization],
                    clientID: clientID.flatMap { request.headers[$0] }
                )
                return try await simulator.helix(endpoint, asked).response(context)
            }
        }
        router.get("helix/**") { _, context in
            try await HelixRefusal(status: 404, message: "").reply.response(context)
        }
    }
}
