import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension HTTPSettings {
    /// Resolves `HTTP_HOST`: what does not is a wrong setting. Blocks.
    func resolve() throws {
        guard let port else { return }
        do throws(LocalAddress.Refusal) {
            _ = try LocalAddress.resolved(self.host, port: port)
        } catch {
            throw self.failure(error)
        }
    }

    /// Finds out, without listening, whether the port could be bound now. One that another process of `service` with the
    /// same `STATE_DIR` holds is no fault: a running service's settings are checked like this. Blocks.
    func check(service: String, stateDirectory: String) throws {
        guard let port else { return }
        do throws(LocalAddress.Refusal) {
            try LocalAddress.check(self.host, port: port)
        } catch {
            let isOurs = RunFile.all(in: stateDirectory).contains { file in
                file.service == service && file.http.hasSuffix(":\(port)") && kill(file.pid, 0) == 0
            }
            guard error == .system(.addressInUse), isOurs else { throw self.failure(error) }
        }
    }

    /// One line that names the variable, and the status.
    func failure(_ refusal: LocalAddress.Refusal) -> ServiceFailure {
        let place = "\(self.variable)=\(self.port ?? 0) on HTTP_HOST=\(self.host)"
        let problem = "cannot answer health checks: \(place)"
        switch refusal {
        case .unresolvable:
            return ServiceFailure(
                .configuration,
                "HTTP_HOST is '\(self.host)', which is neither an address nor a name that resolves; expected an address of "
                    + "this machine such as 127.0.0.1, ::1 or 0.0.0.0"
            )
        case .system(.addressInUse):
            return ServiceFailure(
                .unavailable,
                "\(problem) is in use by another process; set \(self.variable) to a free port, or to 0 for any"
            )
        case .system(.permissionDenied):
            return ServiceFailure(
                .configuration,
                "\(problem) is not permitted; set \(self.variable) to 1024 or more"
            )
        case .system(.addressNotAvailable):
            return ServiceFailure(
                .configuration,
                "\(problem) is not an address of this machine; set HTTP_HOST to one, or to 0.0.0.0 for all"
            )
        case .system(let code):
            return ServiceFailure(.configuration, "\(problem) cannot be bound: \(code); check HTTP_HOST")
        }
    }
}
