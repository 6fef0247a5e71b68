import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of a stage. Errors: NotFoundException, BadRequestException, ConflictException. Source: API
/// reference, UpdateStage.
enum UpdateStage: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        try Changes.update(.stage, input, context)
    }
}
