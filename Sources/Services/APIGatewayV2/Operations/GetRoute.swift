import AWSWire
import BatonCore
import JSON

/// One route. Errors: NotFoundException. Source: API reference, GetRoute.
enum GetRoute: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Changes.get(.route, input, context)
    }
}
