import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The URLs of a function and its aliases. Errors: ResourceNotFoundException.
/// Source: Lambda API reference, ListFunctionUrlConfigs.
enum ListFunctionUrlConfigs: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let marker: String?
        let maxItems: Int?
    }
    struct Output: Encodable, Sendable {
        let functionUrlConfigs: [FunctionURLSettings.Output]
        let nextMarker: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        let after = try Page.place(input.marker)?["qualifier"]?.string
        let all = try context.read { db in
            try db.requireFunction(reference)
            return try Attachment<FunctionURLSettings>.all(FunctionURLSettings.kind, reference, db)
        }.filter { found in after.map { (found.qualifier ?? "") > $0 } ?? true }
        let page = all.prefix(Page.size(input.maxItems))
        return Output(
            functionUrlConfigs: page.map { FunctionURLSettings.output($0, reference, context) },
            nextMarker: page.count < all.count
                ? page.last.map { PageToken.encode(["qualifier": .string($0.qualifier ?? "")]) } : nil)
    }
}
