import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// All on one page. Errors: ResourceNotFoundException.
/// Source: Lambda API reference, ListProvisionedConcurrencyConfigs.
enum ListProvisionedConcurrencyConfigs: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let provisionedConcurrencyConfigs: [ProvisionedConcurrency.Output]
        let nextMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let after = try Page.place(input.marker)?["qualifier"]?.string ?? ""
        let all = try context.read { db in
            try db.requireFunction(reference)
            return try Attachment<ProvisionedConcurrency>.all(ProvisionedConcurrency.kind, reference, db)
        }.filter { ($0.qualifier ?? "") > after }
        let page = all.prefix(Page.size(input.maxItems))
        return Output(
            provisionedConcurrencyConfigs: page.map {
                ProvisionedConcurrency.output($0, functionArn: reference.qualified($0.qualifier).description)
            },
            nextMarker: page.count < all.count
                ? page.last?.qualifier.map { PageToken.encode(["qualifier": .string($0)]) } : nil)
    }
}
