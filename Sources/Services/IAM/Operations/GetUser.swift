import AWSWire
import BatonCore
import JSON

/// A user, or, without a name, the one who asks: outside of IAM's users that is the account. Errors: NoSuchEntity. Source: API reference, GetUser.
enum GetUser: Operation {
    struct Input: Decodable, Sendable { let userName: String? }
    struct Output: Encodable, Sendable { let user: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        if let name = input.userName {
            let user = try context.read { db in try Entity.existing(.user, name, context.account, db) }
            return Output(user: user.shown)
        }
        if let user = try Caller.signer(context) { return Output(user: user.shown) }
        return Output(
            user: [
                "Path": "/", "UserName": "root", "UserId": .string(context.account),
                "Arn": .string("arn:aws:iam::\(context.account):root"), "CreateDate": 0,
            ])
    }
}
