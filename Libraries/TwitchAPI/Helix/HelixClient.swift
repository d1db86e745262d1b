package import AsyncHTTPClient
import FoundationEssentials
import ServiceRuntime

/// Twitch's Helix API, as far as it tells who channels are and what is live.
///
/// Every call takes any number of logins or ids: they are asked for in batches, several at once, and a batch that fails
/// concerns nobody else.
package struct HelixClient: Sendable {
    /// What Twitch takes in one request.
    package static let batchSize = 100
    /// Requests under way at the same time.
    private static let concurrency = 4
    /// How often a batch may be cut in half to find what Twitch does not accept in it.
    private static let splits = 40
    /// Pages of one request that are followed.
    private static let pages = 10

    private let transport: HelixTransport

    /// - Parameters:
    ///   - http: Made with `HTTPClient.Configuration.twitchAPI`; kept and shut down by the caller.
    ///   - baseURL: `TWITCH_API_URL`; `/users`, `/streams` and `/channels` are appended.
    ///   - tokens: Asked for each request.
    ///   - timing: Waits and clocks.
    ///   - observe: Told of each request on the wire.
    package init(
        http: HTTPClient,
        baseURL: APIBaseURL,
        tokens: any AccessTokenSource,
        timing: HelixTiming = HelixTiming(),
        observe: @escaping @Sendable (HelixTransport.Observation) -> Void = { _ in }
    ) {
        transport = HelixTransport(http: http, baseURL: baseURL, tokens: tokens, timing: timing, observe: observe)
    }

    /// Get Users by login. What cannot be a login is refused without asking: one would spoil the whole request.
    package func users(logins: [String]) async -> HelixAnswer<HelixUser> {
        let valid = logins.filter(Self.isLogin)
        var answer = await ask("users", "login", valid, of: HelixUser.self)
        answer.refused += logins.filter { !Self.isLogin($0) }
        return answer
    }

    /// Get Users by id.
    package func users(ids: [String]) async -> HelixAnswer<HelixUser> {
        await ask("users", "id", ids, of: HelixUser.self)
    }

    /// Get Streams: channels that are offline are missing from the answer.
    package func streams(userIDs: [String]) async -> HelixAnswer<HelixStream> {
        await ask("streams", "user_id", userIDs, also: [("first", "\(Self.batchSize)")], of: HelixStream.self)
    }

    /// Get Channel Information.
    package func channels(userIDs: [String]) async -> HelixAnswer<HelixChannel> {
        await ask("channels", "broadcaster_id", userIDs, of: HelixChannel.self)
    }

    /// `^[a-z0-9_]{1,25}$`
    package static func isLogin(_ text: String) -> Bool { ChannelList.isLogin(text) }
}

extension HelixClient {
    private typealias Parameters = [(name: String, value: String)]

    private func ask<Item: HelixItem>(
        _ endpoint: String,
        _ parameter: String,
        _ values: [String],
        also rest: [(name: String, value: String)] = [],
        of type: Item.Type
    ) async -> HelixAnswer<Item> {
        var seen: Set<String> = []
        let unique = values.filter { !$0.isEmpty && seen.insert($0).inserted }
        let batches = stride(from: 0, to: unique.count, by: Self.batchSize).map {
            Array(unique[$0..<min($0 + Self.batchSize, unique.count)])
        }
        return await withTaskGroup(of: HelixAnswer<Item>.self) { group in
            var answer = HelixAnswer<Item>()
            var waiting = batches.makeIterator()
            func addNext() {
                guard let batch = waiting.next() else { return }
                group.addTask {
                    var splits = Self.splits
                    return await askOnce(endpoint, parameter, batch, also: rest, splits: &splits)
                }
            }
            for _ in 0..<Self.concurrency { addNext() }
            while let part = await group.next() {
                answer.add(part)
                addNext()
            }
            return answer
        }
    }

    /// One batch; halves of it where Twitch does not accept the whole.
    private func askOnce<Item: HelixItem>(
        _ endpoint: String,
        _ parameter: String,
        _ batch: [String],
        also rest: [(name: String, value: String)],
        splits: inout Int
    ) async -> HelixAnswer<Item> {
        var answer = HelixAnswer<Item>()
        do throws(HelixError) {
            let page: HelixPage<Item> = try await pages(endpoint, batch.map { (parameter, $0) } + rest)
            answer.items = page.items
            answer.answered = page.answered(of: Set(batch))
            answer.unreadable = page.unreadable.count + (page.isNull ? 1 : 0)
        } catch {
            guard case .badRequest(400, _) = error else {
                answer.failures.append(.init(asked: batch, error: error))
                return answer
            }
            guard batch.count > 1 else {
                answer.refused = batch
                return answer
            }
            guard splits > 0 else {
                answer.failures.append(.init(asked: batch, error: error))
                return answer
            }
            splits -= 1
            let middle = batch.count / 2
            for half in [batch[..<middle], batch[middle...]] {
                answer.add(await askOnce(endpoint, parameter, Array(half), also: rest, splits: &splits))
            }
        }
        return answer
    }

    /// All pages of a request. A page that is not full is the last: a cursor is there even then, and following it would
    /// double the requests.
    private func pages<Item: HelixItem>(
        _ endpoint: String,
        _ query: [(name: String, value: String)]
    ) async throws(HelixError) -> HelixPage<Item> {
        var all = HelixPage<Item>()
        for _ in 0..<Self.pages {
            let body = try await transport.get(endpoint, query + (all.cursor.map { [("after", $0)] } ?? []))
            let page: HelixPage<Item>
            do {
                page = try JSONDecoder().decode(HelixPage<Item>.self, from: body)
            } catch {
                throw .unreadable(endpoint: endpoint, reason: Self.place(of: error))
            }
            let last = all.cursor
            all.append(page)
            guard page.count >= Self.batchSize, let next = page.cursor, next != last else { break }
        }
        return all
    }

    /// Where a JSON text was not as expected, without repeating it.
    private static func place(of error: any Error) -> String {
        func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(path(context.codingPath)) is of another type"
        default: "it is not JSON"
        }
    }
}
