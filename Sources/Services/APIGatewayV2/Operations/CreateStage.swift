import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a stage to an API. Errors: NotFoundException, BadRequestException, ConflictException. Source: API reference,
/// CreateStage.
enum CreateStage: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        try Changes.create(.stage, input, context)
    }
}
