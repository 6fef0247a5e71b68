import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Configuration, code location, tags and concurrency of a function.
/// Errors: ResourceNotFoundException. Source: Lambda API reference, GetFunction.
enum GetFunction: Operation {
    struct Input: Decodable, Sendable {
        let functionName: String
        let qualifier: String?
    }

    struct Output: Encodable, Sendable {
        struct Code: Encodable, Sendable {
            let repositoryType: String
            let location: String
        }
        struct Concurrency: Encodable, Sendable { let reservedConcurrentExecutions: Int }
        let configuration: FunctionConfiguration
        let code: Code
        let tags: [String: String]?
        let concurrency: Concurrency?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, context)
        // Assumed: clients show the location and do not fetch it; the code itself is not handed out again.
        let location = "\(context.endpoint)/_baton/lambda/\(reference.account)/\(reference.region)/\(reference.name)"
        return try context.read { db in
            let version = try db.resolve(reference)
            let row = try db.functionRow(reference)
            let tags: [String: String] = try JSON.parse(row?["tags"] as String? ?? "{}").decoded()
            let reserved: Int? = row?["reserved"]
            return Output(
                configuration: FunctionConfiguration(version, qualifier: reference.qualifier),
                code: Output.Code(
                    repositoryType: "S3", location: "\(location)/\(CodeStore.hex(version.codeSha256)).zip"),
                tags: tags.isEmpty ? nil : tags,
                concurrency: reserved.map(Output.Concurrency.init(reservedConcurrentExecutions:)))
        }
    }
}
