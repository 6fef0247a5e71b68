import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The event buses, 100 at a time. Source: API reference, ListEventBuses.
enum ListEventBuses: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let namePrefix: String?
        let nextToken: String?
        let limit: Int?
    }

    struct Output: Encodable, Sendable {
        let eventBuses: [JSON]
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let start = try Page.start(input.nextToken)
        let prefix = input.namePrefix ?? ""
        let buses: [EventBus] = try context.read { db in
            var all = try db.rows(
                "SELECT body FROM events_bus WHERE account = ? AND region = ?", context.account, context.region
            ).map { try EventBus($0) }
            if !all.contains(where: { $0.name == EventBus.defaultName }) { all.append(EventBus(BusKey(nil, context))) }
            return all.filter { $0.name.hasPrefix(prefix) && $0.name > start }.sorted { $0.name < $1.name }
        }
        let (page, token) = Page.cut(buses, input.limit) { $0.name }
        return Output(eventBuses: page.map(\.listed), nextToken: token)
    }
}
