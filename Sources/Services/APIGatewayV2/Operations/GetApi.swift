import AWSWire
import BatonCore
import JSON

/// One API. Errors: NotFoundException. Source: API reference, GetApi.
enum GetApi: BatonCore.Operation {
    struct Input: Decodable, Sendable { let apiId: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        try context.read { try APIRecord.require(input.apiId, context, $0) }.body
    }
}
