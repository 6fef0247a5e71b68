import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of an integration. Errors: NotFoundException, BadRequestException, ConflictException. Source: API
/// reference, UpdateIntegration.
enum UpdateIntegration: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        try Changes.update(.integration, input, context)
    }
}
