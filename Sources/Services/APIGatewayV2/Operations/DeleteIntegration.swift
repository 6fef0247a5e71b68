import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes an integration. Errors: NotFoundException, ConflictException. Source: API reference, DeleteIntegration.
enum DeleteIntegration: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Changes.delete(.integration, input, context)
    }
}
