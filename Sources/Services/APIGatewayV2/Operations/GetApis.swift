import AWSWire
import BatonCore
import JSON

/// The APIs of the account and region. Errors: BadRequestException. Source: API reference, GetApis.
enum GetApis: BatonCore.Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let apis = try context.read { try APIRecord.all($0) }
        let own = apis.filter { $0.account == context.account && $0.region == context.region }
        return try Changes.page(own.sorted { $0.id < $1.id }.map { (key: $0.id, tree: $0.body) }, input)
    }
}
