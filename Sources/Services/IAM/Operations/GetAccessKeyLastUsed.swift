import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Whose key this is. Assumed: Baton does not note its use, and answers that there was none. Errors: NoSuchEntity. Source: API reference, GetAccessKeyLastUsed.
enum GetAccessKeyLastUsed: Operation {
    struct Input: Decodable, Sendable { let accessKeyId: String }

    struct Output: Encodable, Sendable {
        let userName: String
        let accessKeyLastUsed: JSON
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let name = try context.read { db -> String? in
            guard let row = try db.row("SELECT * FROM iam_access_key WHERE id = ?", input.accessKeyId) else {
                return nil
            }
            let key = AccessKey(row)
            return try Entity.find(.user, key.userKey, key.account, db)?.name
        }
        guard let name else {
            throw IAMError.notFound("The Access Key with id \(input.accessKeyId) cannot be found.")
        }
        return Output(userName: name, accessKeyLastUsed: ["ServiceName": "N/A", "Region": "N/A"])
    }
}
