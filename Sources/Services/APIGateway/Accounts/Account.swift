import AWSWire
import BatonCore
import BatonStore
import JSON

/// The settings of the account in the region. Source: API reference, GetAccount.
enum GetAccount: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static let new: JSON = [
        "throttleSettings": ["burstLimit": 5000, "rateLimit": 10000], "features": ["UsagePlans"], "apiKeyVersion": "4",
    ]

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        try context.read { try Shelf(context).find(.account, "", $0) } ?? new
    }
}

/// Changes the settings of the account: the role for logs, which has no effect. Source: API reference, UpdateAccount.
enum UpdateAccount: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        Changes.write(.account, input, context) { shelf, transaction in
            let old = try shelf.find(.account, "", transaction.db) ?? GetAccount.new
            var account = try Patch.apply(input["patchOperations"], to: old, name)
            if account["cloudwatchRoleArn"] == "" { account["cloudwatchRoleArn"] = nil }
            try shelf.put(.account, "", account, transaction)
            return account
        }
    }
}
