import AWSWire
import BatonCore
import JSON

/// Parameters under `/aws/reference/secretsmanager/`: secrets of Secrets Manager, with a version's id or staging label
/// behind a colon. Source: user guide, referencing Secrets Manager secrets.
enum ReferencedSecret {
    private static let path = "/aws/reference/secretsmanager/"

    /// nil for a name that is none of these.
    static func id(_ name: String) -> String? {
        name.hasPrefix(path) ? String(name.dropFirst(path.count)) : nil
    }

    /// - Throws: ParameterNotFound; ValidationException without `WithDecryption`.
    static func get(_ id: String, decrypted: Bool, _ context: Context) async throws(AWSError) -> JSON {
        guard decrypted else { throw SSMError.decryptionFlag }
        // The ids of versions are 32 characters and more, labels usually are not.
        let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
        var input: JSON = ["SecretId": .string(id.hasPrefix("arn:") ? id : parts.first ?? "")]
        var selector: String?
        if !id.hasPrefix("arn:"), parts.count == 2 {
            selector = ":\(parts[1])"
            input[parts[1].count >= 32 ? "VersionId" : "VersionStage"] = .string(parts[1])
        }
        let secret: JSON
        do {
            secret = try await context.call("secretsmanager", "GetSecretValue", input)
        } catch {
            guard error.code == "ResourceNotFoundException" || error.code == "ValidationException" else { throw error }
            throw SSMError.noSecret(path + id)
        }
        var source: JSON = [
            "ARN": secret["ARN"] ?? "", "name": secret["Name"] ?? "", "versionId": secret["VersionId"] ?? "",
            "versionStages": secret["VersionStages"] ?? [], "createdDate": secret["CreatedDate"] ?? 0,
        ]
        source["secretString"] = secret["SecretString"]
        source["secretBinary"] = secret["SecretBinary"]
        var result: JSON = [
            "Name": .string(path + (parts.first.map { id.hasPrefix("arn:") ? id : $0 } ?? "")),
            "Type": .string(Parameter.secure),
            "Value": secret["SecretString"] ?? .string(Base64.encode(secret["SecretBinary"]?.bytes ?? [])),
            "Version": 0, "LastModifiedDate": secret["CreatedDate"] ?? 0, "ARN": secret["ARN"] ?? "",
            "SourceResult": .string(source.text()), "DataType": "text",
        ]
        result["Selector"] = selector.map { .string($0) }
        return result
    }
}
