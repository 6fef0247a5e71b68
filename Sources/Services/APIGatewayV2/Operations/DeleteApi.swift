import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes an API with all its parts. Errors: NotFoundException. Source: API reference, DeleteApi.
enum DeleteApi: WriteOperation {
    struct Input: Decodable, Sendable { let apiId: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let apis = context.service(APIGatewayV2.self).apis
        return { transaction in
            try APIRecord.require(input.apiId, context, transaction.db).delete(transaction)
            transaction.afterCommit { apis.remove(input.apiId) }
            return Nothing()
        }
    }
}
