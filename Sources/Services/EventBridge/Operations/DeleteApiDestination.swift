import AWSWire
import BatonCore
import BatonStore

/// Removes an API destination. Errors: ResourceNotFoundException. Source: API reference, DeleteApiDestination.
enum DeleteApiDestination: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            guard let destination = try APIDestination.find(input.name, context, transaction.db) else {
                throw APIDestination.missing(input.name)
            }
            try destination.delete(transaction)
            return Nothing()
        }
    }
}
