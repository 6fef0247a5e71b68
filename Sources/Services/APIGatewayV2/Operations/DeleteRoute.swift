import AWSWire
import BatonCore
import BatonStore
import JSON

/// Removes a route. Errors: NotFoundException. Source: API reference, DeleteRoute.
enum DeleteRoute: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Changes.delete(.route, input, context)
    }
}
