import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// A place where workers fetch tasks: `arn:aws:states:REGION:ACCOUNT:activity:NAME`.
struct Activity: Sendable {
    let arn: String
    let name: String
    let encryption: EncryptionConfiguration?
    let createdMs: Int64

    static let schema = Migration(
        name: "stepfunctions-activities-1",
        sql: """
            CREATE TABLE sfn_activity (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                tags TEXT NOT NULL, encryption TEXT NOT NULL, created_ms INTEGER NOT NULL,
                UNIQUE (account, region, name)) STRICT;
            """)

    init(_ row: Row) throws {
        name = row["name"]
        arn = Self.arn(account: row["account"], region: row["region"], name: name)
        encryption = try StoredJSON.value(EncryptionConfiguration.self, row["encryption"])
        createdMs = row["created_ms"]
    }

    static func arn(account: String, region: String, name: String) -> String {
        "arn:aws:states:\(region):\(account):activity:\(name)"
    }

    /// The owner and name that an ARN says.
    /// Errors: InvalidArn.
    static func place(_ text: String) throws(AWSError) -> (account: String, region: String, name: String) {
        let (arn, parts) = try StatesARN.parts(text, type: "activity")
        guard parts.count == 2, !parts[1].isEmpty else {
            throw StepFunctionsError.invalidArn("Invalid ARN: \(text)")
        }
        return (arn.account, arn.region, parts[1])
    }

    /// nil when there is no such activity.
    static func find(_ text: String, _ db: Database) throws -> Activity? {
        let place = try place(text)
        return try db.row(
            "SELECT * FROM sfn_activity WHERE account = ? AND region = ? AND name = ?", place.account, place.region,
            place.name
        ).map(Activity.init)
    }
}
