import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// An event bus. The one named `default` exists in every account and region; it has a row only once it was changed.
struct EventBus: Named, Equatable {
    static let table = "events_bus"
    static let defaultName = "default"

    let account: String
    let region: String
    let name: String
    var description: String?
    var kmsKeyIdentifier: String?
    var deadLetterConfig: JSON?
    var logConfig: JSON?
    /// The resource policy: `{Version, Statement: […]}`.
    var policy: JSON?
    var tags: [Tag] = []
    var createdMs: Int64?
    var modifiedMs: Int64?

    var arn: ARN { ARN(service: "events", region: region, account: account, resource: "event-bus/\(name)") }
    var key: BusKey { BusKey(account: account, region: region, name: name) }

    init(_ key: BusKey) {
        (account, region, name) = (key.account, key.region, key.name)
    }

    static func find(_ key: BusKey, _ db: Database) throws -> EventBus {
        if let bus = try find(key.name, account: key.account, region: key.region, db) { return bus }
        guard key.name == defaultName else { throw EventsError.noBus(key.name) }
        return EventBus(key)
    }
}

/// Where an event bus is.
struct BusKey: Hashable, Codable, Sendable {
    let account: String
    let region: String
    let name: String

    init(account: String, region: String, name: String) {
        (self.account, self.region, self.name) = (account, region, name)
    }

    /// - Parameter text: a name or an ARN; nil is the default bus.
    init(_ text: String?, _ context: Context) {
        if let text, let arn = ARN(text), arn.resource.hasPrefix("event-bus/") {
            self.init(
                account: arn.account, region: arn.region, name: String(arn.resource.dropFirst("event-bus/".count)))
        } else {
            self.init(
                account: context.account, region: context.region,
                name: text.map { $0.hasPrefix("event-bus/") ? String($0.dropFirst(10)) : $0 } ?? EventBus.defaultName)
        }
    }
}
