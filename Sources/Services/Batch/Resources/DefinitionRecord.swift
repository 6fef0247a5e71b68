import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One revision of a job definition. `settings` is what was registered.
struct DefinitionRecord: Sendable {
    let account: String
    let region: String
    let name: String
    let revision: Int
    let status: String
    let settings: JSON
    let tags: JSON

    init(_ row: Row) {
        account = row["account"]
        region = row["region"]
        name = row["name"]
        revision = row["revision"]
        status = row["status"]
        settings = JSON.stored(row["settings"])
        tags = JSON.stored(row["tags"])
    }

    var arn: String { ResourceKind.definition.arn("\(name):\(revision)", account: account, region: region) }

    /// As DescribeJobDefinitions shows it.
    var detail: JSON {
        var result = settings
        result["jobDefinitionName"] = .string(name)
        result["jobDefinitionArn"] = .string(arn)
        result["revision"] = .number(revision)
        result["status"] = .string(status)
        result["tags"] = tags
        return result
    }

    /// `name`, `name:revision`, or an ARN with or without a revision.
    struct Reference {
        let name: String
        let revision: Int?

        init(_ text: String) {
            let plain = ResourceKind.definition.name(text)
            let parts = plain.split(separator: ":", maxSplits: 1).map(String.init)
            name = parts.first ?? ""
            revision = parts.count > 1 ? Int(parts[1]) ?? -1 : nil
        }
    }

    /// The revision that is named, or else the latest active one.
    static func find(_ text: String, account: String, region: String, _ db: Database) throws -> DefinitionRecord? {
        let reference = Reference(text)
        let row =
            if let revision = reference.revision {
                try db.row(
                    "SELECT * FROM batch_definition WHERE account = ? AND region = ? AND name = ? AND revision = ?",
                    account, region, reference.name, revision)
            } else {
                try db.row(
                    """
                    SELECT * FROM batch_definition WHERE account = ? AND region = ? AND name = ? AND status = 'ACTIVE'
                    ORDER BY revision DESC LIMIT 1
                    """, account, region, reference.name)
            }
        return row.map(DefinitionRecord.init)
    }
}
