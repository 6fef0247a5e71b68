import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Adds tags to a resource or job, at most 50 in all.
/// Errors: ClientException. Source: Batch API reference, TagResource.
enum TagResource: WriteOperation {
    typealias Output = Nothing

    struct Input: Decodable, Sendable {
        let resourceArn: String
        let tags: [String: JSON]
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let tagged = try TaggedResource(input.resourceArn)
        return { transaction in
            var tags = try tagged.tags(transaction.db)
            for (name, value) in input.tags.sorted(by: { $0.key < $1.key }) { tags[name] = value }
            guard tags.count <= 50 else { throw BatchError.client("A resource can have at most 50 tags") }
            try tagged.set(tags, transaction)
            return Nothing()
        }
    }
}

/// Where the tags of an ARN are kept.
struct TaggedResource: Sendable {
    private let arn: ARN
    private let kind: ResourceKind
    private let name: String

    init(_ text: String) throws(AWSError) {
        guard let arn = ARN(text), arn.service == "batch" else { throw BatchError.client("Invalid ARN: \(text)") }
        let parts = arn.resource.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = ResourceKind(rawValue: parts[0]) else {
            throw BatchError.client("Invalid ARN: \(text)")
        }
        (self.arn, self.kind, name) = (arn, kind, parts[1])
    }

    private var place: (table: String, condition: String, values: [any DatabaseValueConvertible & Sendable]) {
        switch kind {
        case .environment: ("batch_environment", "name = ?", [name])
        case .queue: ("batch_queue", "name = ?", [name])
        case .policy: ("batch_policy", "name = ?", [name])
        case .consumable: ("batch_consumable", "name = ?", [name])
        case .job: ("batch_job", "id = ?", [name])
        case .definition:
            (
                "batch_definition", "name = ? AND revision = ?",
                [DefinitionRecord.Reference(name).name, DefinitionRecord.Reference(name).revision ?? 0]
            )
        }
    }

    func tags(_ db: Database) throws -> JSON.Object {
        let (table, condition, values) = place
        let all: [(any DatabaseValueConvertible)?] = [arn.account, arn.region] + values
        let columns = kind == .job ? "coalesce(tags, json_extract(spec, '$.tags'))" : "tags"
        let rows = try db.rows(
            "SELECT \(columns) AS tags FROM \(table) WHERE account = ? AND region = ? AND \(condition)", list: all)
        guard let row = rows.first else { throw BatchError.notFound(arn.description) }
        return JSON.stored(row["tags"] as String? ?? "{}").object ?? [:]
    }

    func set(_ tags: JSON.Object, _ transaction: Transaction) throws {
        let (table, condition, values) = place
        let all: [(any DatabaseValueConvertible)?] = [JSON.object(tags).text(), arn.account, arn.region] + values
        try transaction.db.execute(
            "UPDATE \(table) SET tags = ? WHERE account = ? AND region = ? AND \(condition)", list: all)
    }
}
