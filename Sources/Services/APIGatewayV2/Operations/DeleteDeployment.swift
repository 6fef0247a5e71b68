import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a deployment. Errors: NotFoundException. Source: API reference, DeleteDeployment.
enum DeleteDeployment: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Changes.delete(.deployment, input, context)
    }
}
