import AWSWire
import BatonCore
import JSON

/// One parameter by its name, with a version or label behind a colon, or by its ARN; or a secret under
/// `/aws/reference/secretsmanager/`.
///
/// Errors: ParameterNotFound, ParameterVersionNotFound, ValidationException, InvalidKeyId. Source: API reference,
/// GetParameter.
enum GetParameter: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let name: String
        let withDecryption: Bool?
    }

    struct Output: Encodable, Sendable { let parameter: JSON }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        Output(parameter: try await get(input.name, decrypted: input.withDecryption ?? false, context))
    }

    static func get(_ name: String, decrypted: Bool, _ context: Context) async throws(AWSError) -> JSON {
        if let id = ReferencedSecret.id(name) {
            return try await ReferencedSecret.get(id, decrypted: decrypted, context)
        }
        let reference = try ParameterReference(name, context)
        let parameter = try context.read { try Parameter.require(reference, $0) }
        var result = try parameter.shown(decrypted: decrypted, context)
        if !name.hasPrefix("arn:") { result["Name"] = .string(reference.shownName) }
        result["Selector"] = reference.selectorText.map { .string($0) }
        return result
    }
}
