import AWSWire
import BatonCore
import BatonStore
import GRDB

/// Whose name is meant where a request may leave out the user's: that of the key that signed it.
enum Caller {
    /// - Throws: ValidationError when the caller is no user of IAM.
    static func userName(_ given: String?, _ context: Context) throws(AWSError) -> String {
        if let given { return given }
        guard let name = try signer(context)?.name else {
            throw IAMError.invalid("Must specify userName when calling with non-User credentials")
        }
        return name
    }

    /// The user whose key signed the request.
    static func signer(_ context: Context) throws(AWSError) -> Entity? {
        guard let id = context.request.flatMap(CredentialScope.parse)?.accessKeyId else { return nil }
        return try context.read { db in
            guard let row = try db.row("SELECT * FROM iam_access_key WHERE id = ?", id) else { return nil }
            let key = AccessKey(row)
            return try Entity.find(.user, key.userKey, key.account, db)
        }
    }
}
