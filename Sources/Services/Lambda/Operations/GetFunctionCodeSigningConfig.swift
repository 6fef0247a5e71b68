import AWSWire
import BatonCore

/// The code signing configuration of a function: there is none, which clients read from the empty ARN.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetFunctionCodeSigningConfig.
enum GetFunctionCodeSigningConfig: Operation {
    struct Input: Decodable, Sendable { let functionName: String }
    struct Output: Encodable, Sendable {
        let functionName: String
        let codeSigningConfigArn = ""
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, context).with(qualifier: nil)
        try context.read { db in try db.requireFunction(reference) }
        return Output(functionName: reference.name)
    }
}
