import AWSWire
import BatonCore
import BatonStore
import JSON

/// Adds a deployment to an API. It keeps routes and integrations as they are, for stages without automatic deployment. Errors: NotFoundException, BadRequestException, ConflictException. Source: API reference,
/// CreateDeployment.
enum CreateDeployment: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        try Changes.create(.deployment, input, context)
    }
}
