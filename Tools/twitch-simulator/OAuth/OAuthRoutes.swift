import HTTPTypes
import Hummingbird

/// `/oauth2/…` and `/activate` over HTTP.
enum OAuthRoutes {
    static func add(to router: Router<SimulatorRequestContext>, _ simulator: Simulator) {
        router.get("oauth2/authorize") { request, context in
            try await simulator.oauthAuthorize(request.queryFields).response(context)
        }
        router.post("oauth2/authorize") { request, context in
            try await simulator.oauthDecide(try await request.formFields()).response(context)
        }
        router.post("oauth2/token") { request, context in
            try await simulator.oauthToken(try await request.formFields()).response(context)
        }
        router.get("oauth2/validate") { request, context in
            try await simulator.oauthValidate(request.headers[.authorization]).response(context)
        }
        router.post("oauth2/revoke") { request, context in
            try await simulator.oauthRevoke(try await request.formFields()).response(context)
        }
        router.post("oauth2/device") { request, context in
            let base = "http://\(request.head.authority ?? "localhost")"
            return try await simulator.oauthDevice(try await request.formFields(), base: base).response(context)
        }
        router.get("activate") { request, context in
            try await simulator.deviceActivation(request.queryFields).response(context)
        }
        router.post("activate") { request, context in
            try await simulator.deviceDecide(try await request.formFields()).response(context)
        }
    }
}
