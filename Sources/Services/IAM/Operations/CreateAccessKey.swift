import AWSWire
import BatonCore
import BatonStore
import JSON

/// Makes a key for a user, by default for the one who asks. Limit: 2 for each user.
///
/// Errors: NoSuchEntity, LimitExceeded. Source: API reference, CreateAccessKey.
enum CreateAccessKey: WriteOperation {
    struct Input: Decodable, Sendable { let userName: String? }
    struct Output: Encodable, Sendable { let accessKey: JSON }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let name = try Caller.userName(input.userName, context)
        let id = AccessKeyId.make(prefix: "AKIA", account: context.account, random: context.random.bytes(5))
        let secret = Base64.encode(context.random.bytes(30))
        return { transaction in
            let user = try Entity.existing(.user, name, context.account, transaction.db)
            guard try AccessKey.all(of: user, transaction.db).count < AccessKey.limit else {
                throw IAMError.quota("AccessKeysPerUser", AccessKey.limit)
            }
            let key = AccessKey(
                id: id, account: user.account, userKey: user.key, secret: secret, createdMs: transaction.nowMs)
            try key.insert(transaction)
            var answer = key.listed(user.name)
            answer["SecretAccessKey"] = .string(secret)
            return Output(accessKey: answer)
        }
    }
}
