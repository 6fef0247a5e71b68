import AWSWire
import BatonCore
import BatonStore

/// Removes a global endpoint. Errors: ResourceNotFoundException. Source: API reference, DeleteEndpoint.
enum DeleteEndpoint: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            try Endpoint.require(input.name, context, transaction).delete(transaction)
            return Nothing()
        }
    }
}
