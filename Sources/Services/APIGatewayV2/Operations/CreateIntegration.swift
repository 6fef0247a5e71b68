import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds an integration to an API. Errors: NotFoundException, BadRequestException, ConflictException. Source: API reference,
/// CreateIntegration.
enum CreateIntegration: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        try Changes.create(.integration, input, context)
    }
}
