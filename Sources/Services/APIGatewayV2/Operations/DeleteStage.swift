import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a stage. Errors: NotFoundException. Source: API reference, DeleteStage.
enum DeleteStage: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Changes.delete(.stage, input, context)
    }
}
