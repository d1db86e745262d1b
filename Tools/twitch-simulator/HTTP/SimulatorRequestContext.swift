import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A request and the connection it came by, which a fault may cut.
struct SimulatorRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.channel = source.channel
    }
}

extension Request {
    /// The fields of the URL.
    var queryFields: FormFields { FormFields(self.uri.query ?? "") }

    /// The fields of a form body; of another kind of body, none.
    func formFields() async throws -> FormFields {
        let body = try await self.body.collect(upTo: 1 << 16)
        guard self.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true else {
            return FormFields("")
        }
        return FormFields(String(buffer: body))
    }
}
