import AWSWire
import BatonCore
import BatonStore

/// Deletes a parameter with all its versions. Errors: ParameterNotFound. Source: API reference, DeleteParameter.
enum DeleteParameter: WriteOperation {
    struct Input: Decodable, Sendable { let name: String }

    typealias Output = Nothing

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Nothing> {
        { transaction in
            try Parameter.require(input.name, context, transaction.db).delete(context, transaction)
            return Nothing()
        }
    }
}
