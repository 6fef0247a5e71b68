import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Which events (or which times) reach which targets. Limits: 300 rules for each bus, 5 targets for each rule.
struct Rule: Codable, Equatable, Sendable {
    static let limit = 300

    let account: String
    let region: String
    let bus: String
    let name: String
    var eventPattern: String?
    var scheduleExpression: String?
    var state: String
    var description: String?
    var roleArn: String?
    var managedBy: String?
    var tags: [Tag] = []
    /// Where the periods of a rate count from.
    var createdMs: Int64

    var key: BusKey { BusKey(account: account, region: region, name: bus) }

    var arn: ARN {
        let place = bus == EventBus.defaultName ? name : "\(bus)/\(name)"
        return ARN(service: "events", region: region, account: account, resource: "rule/\(place)")
    }

    var isEnabled: Bool { state != "DISABLED" }

    static func find(_ name: String, _ key: BusKey, _ db: Database) throws -> Rule? {
        try db.row(
            "SELECT body FROM events_rule WHERE account = ? AND region = ? AND bus = ? AND name = ?", key.account,
            key.region, key.name, name
        ).map { try JSON.parse($0["body"] as String).decoded() }
    }

    /// - Throws: ResourceNotFoundException.
    static func require(_ name: String, _ key: BusKey, _ db: Database) throws -> Rule {
        _ = try EventBus.find(key, db)
        guard let rule = try find(name, key, db) else { throw EventsError.noRule(name, key.name) }
        return rule
    }

    func save(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO events_rule (account, region, bus, name, body) VALUES (?, ?, ?, ?, ?)",
            account, region, bus, name, try JSON(encoding: self).text())
    }

    /// A managed rule changes only for its service, or by force.
    func checkChangeable(force: Bool?) throws(AWSError) {
        if let managedBy, force != true { throw EventsError.managed(name, managedBy) }
    }

    /// A rule's ARN as tags and connections name it: `rule/NAME` or `rule/BUS/NAME`.
    static func place(_ arn: ARN) -> (name: String, key: BusKey)? {
        guard arn.resource.hasPrefix("rule/") else { return nil }
        let path = arn.resource.dropFirst("rule/".count)
        guard let slash = path.lastIndex(of: "/") else {
            return (String(path), BusKey(account: arn.account, region: arn.region, name: EventBus.defaultName))
        }
        return (
            String(path[path.index(after: slash)...]),
            BusKey(account: arn.account, region: arn.region, name: String(path[..<slash]))
        )
    }
}
