import AsyncHTTPClient
import EventBus
import NIOCore
import Protocol
import ServiceRuntime
import TwitchAPI
import TwitchChat

/// The way to Twitch: names, connections with TLS, and the time that its servers tell.
struct NetworkChecks: Sendable {
    let chat: ChatServer
    let api: APIBaseURL
    let auth: APIBaseURL
    let http: HTTPClient
    let clock: WallClock
    let notes: DoctorNotes

    func checks() -> [Check] {
        names() + [
            chatServer, greeting(.apiServer, api, "TWITCH_API_URL"), greeting(.loginServer, auth, "TWITCH_AUTH_URL"),
        ]
            + [Check(name: .clock, needs: [.apiServer]) { _ in try ClockCheck.look(notes.current.time) }]
    }

    private func names() -> [Check] {
        var hosts: [String] = []
        for host in [chat.endpoint.host, api.host, auth.host] where !hosts.contains(host) { hosts.append(host) }
        return hosts.map { host in
            Check(name: .name(of: host)) { _ in
                let addresses = try await Patience.blocking { HostName.addresses(of: host) }
                guard let first = addresses.first else {
                    throw Complaint(
                        ExitStatus.unavailable.rawValue,
                        "the name cannot be resolved",
                        advice:
                            "look at the name server (/etc/resolv.conf), the network and the spelling in TWITCH_…_URL"
                    )
                }
                return addresses.count > 1 ? "\(first) and \(addresses.count - 1) more" : first
            }
        }
    }

    private var chatServer: Check {
        Check(name: .chatServer, needs: [.name(of: chat.endpoint.host)]) { _ in
            let client = try chat.client(timeout: .seconds(4))
            do throws(ConnectionEnd) {
                let socket = try await client.connect()
                try? await socket.executeThenClose { _, _ in }
            } catch {
                throw Complaint(
                    ExitStatus.unavailable.rawValue,
                    "\(chat.endpoint): \(error.explanation)",
                    advice: Self.advice(isSecure: chat.endpoint.isSecure, "TWITCH_IRC_URL")
                )
            }
            return "\(chat.endpoint) answers" + (chat.endpoint.isSecure ? ", its certificate is good" : ", without TLS")
        }
    }

    private func greeting(_ name: String, _ url: APIBaseURL, _ variable: String) -> Check {
        Check(name: name, needs: [.name(of: url.host)]) { _ in
            do throws(ServerUnreachable) {
                let before = clock.now()
                let answer = try await url.greeting(http, within: .seconds(4))
                let middle = Timestamp(milliseconds: (before.rawValue + clock.now().rawValue) / 2)
                if name == .apiServer { notes.note { $0.time = (answer.date, middle) } }
            } catch {
                throw Complaint(
                    ExitStatus.unavailable.rawValue,
                    "\(url): \(error)",
                    advice: Self.advice(isSecure: url.isSecure, variable)
                )
            }
            return "\(url) answers" + (url.isSecure ? ", its certificate is good" : ", without TLS")
        }
    }

    private static func advice(isSecure: Bool, _ variable: String) -> String {
        isSecure
            ? "look at \(variable), firewall and proxy; for certificates: apt-get install ca-certificates, and the clock"
            : "start what should listen there, or unset \(variable) to use Twitch itself"
    }
}
