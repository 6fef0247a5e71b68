import AWSWire
import BatonCore
import JSON

/// The routes of an API. Errors: NotFoundException. Source: API reference, GetRoutes.
enum GetRoutes: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.list(.route, input, context)
    }
}
