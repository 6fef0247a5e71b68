import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The tags of a group, for the operations that name it by ARN and for the older ones that name it by name.
enum GroupTags {
    /// Errors: InvalidParameterException for what is no ARN of a log group.
    static func reference(arn text: String) throws(AWSError) -> GroupReference {
        guard let arn = ARN(text), arn.service == "logs", arn.resource.hasPrefix("log-group:") else {
            throw LogsError.invalid("The specified ARN is not that of a log group: \(text)")
        }
        return GroupReference(arn)
    }

    static func add(_ tags: [String: String], _ reference: GroupReference) -> Write<Nothing> {
        { transaction in
            let group = try transaction.db.logGroup(reference)
            let all = group.tags.merging(tags) { _, new in new }
            guard all.count <= Limits.tags else { throw LogsError.tooManyTags }
            try store(all, group, transaction)
            return Nothing()
        }
    }

    static func remove(_ keys: [String], _ reference: GroupReference) -> Write<Nothing> {
        { transaction in
            let group = try transaction.db.logGroup(reference)
            try store(group.tags.filter { !keys.contains($0.key) }, group, transaction)
            return Nothing()
        }
    }

    private static func store(_ tags: [String: String], _ group: LogGroup, _ transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE logs_group SET tags = ? WHERE id = ?", try JSON(encoding: tags).text(), group.id)
    }
}
