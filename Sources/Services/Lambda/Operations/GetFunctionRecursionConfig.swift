import AWSWire
import BatonCore
import BatonStore
import GRDB

/// `Terminate` unless something else was set. Errors: ResourceNotFoundException.
/// Source: Lambda API reference, GetFunctionRecursionConfig.
enum GetFunctionRecursionConfig: Operation {
    struct Input: Decodable, Sendable { let functionName: String }
    typealias Output = PutFunctionRecursionConfig.Output

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        return try context.read { db in
            try db.requireFunction(reference)
            let found = try Attachment<Output>.find(PutFunctionRecursionConfig.kind, reference, db)
            return found?.settings ?? Output(recursiveLoop: "Terminate")
        }
    }
}
