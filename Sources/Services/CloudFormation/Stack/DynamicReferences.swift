import AWSWire
import BatonCore
import JSON

/// `{{resolve:service:…}}` in properties: values of the Parameter Store and of Secrets Manager.
///
/// They are fetched for each effect on a resource and put into its request alone. What the stack stores, shows and
/// compares is the reference. Source: user guide, dynamic references. Assumed: `ssm-secure` may stand in any property;
/// the texts of the errors but those about JSON.
struct DynamicReferences: Sendable {
    private static let opening = "{{resolve:"
    private static let closing = "}}"

    let context: Context

    static func areIn(_ text: String) -> Bool { text.contains(opening) }

    private static func areIn(_ tree: JSON) -> Bool {
        switch tree {
        case .string(let text): areIn(text)
        case .array(let elements): elements.contains(where: areIn)
        case .object(let object): object.contains { areIn($0.value) }
        default: false
        }
    }

    /// The tree with values in the place of references.
    func resolved(_ tree: JSON) async throws(ResourceFailure) -> JSON {
        guard Self.areIn(tree) else { return tree }
        switch tree {
        case .string(let text): return .string(try await resolved(text))
        case .array(let elements):
            var result: [JSON] = []
            for element in elements { result.append(try await resolved(element)) }
            return .array(result)
        case .object(let object):
            var result = JSON.Object()
            for (key, value) in object { result[key] = try await resolved(value) }
            return .object(result)
        default: return tree
        }
    }

    private func resolved(_ text: String) async throws(ResourceFailure) -> String {
        var (result, rest) = ("", text[...])
        while let start = rest.firstRange(of: Self.opening) {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: Self.closing) else { return result + Self.opening + rest }
            result += try await value(String(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// - Parameter reference: `service:…`.
    private func value(_ reference: String) async throws(ResourceFailure) -> String {
        let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { throw Self.invalid(reference) }
        return switch parts[0] {
        case "ssm": try await parameter(parts[1], decrypted: false)
        case "ssm-secure": try await parameter(parts[1], decrypted: true)
        case "secretsmanager": try await secret(parts[1])
        default: throw Self.invalid(reference)
        }
    }

    private static func invalid(_ reference: String) -> ResourceFailure {
        ResourceFailure(
            reason: "Incorrect format is used in the following dynamic reference: [{{resolve:\(reference)}}]")
    }

    /// - Parameter text: `name` or `name:version`.
    private func parameter(_ text: String, decrypted: Bool) async throws(ResourceFailure) -> String {
        let input: JSON = ["Name": .string(text), "WithDecryption": .bool(decrypted)]
        let answer = try await call("ssm", "GetParameter", input) { error in
            guard error.code.hasPrefix("Parameter") else { return nil }
            return "Parameters: [ssm\(decrypted ? "-secure" : ""):\(text)] cannot be found."
        }
        let parameter = answer["Parameter"]
        guard decrypted || parameter?["Type"]?.string != "SecureString" else {
            throw ResourceFailure(
                reason: "Parameter \(text) is a SecureString: it must be referenced with ssm-secure.")
        }
        return parameter?["Value"]?.string ?? ""
    }

    /// - Parameter text: `id:SecretString:key:stage:version`, from the second part on as far as wanted. The id may be an
    ///   ARN.
    private func secret(_ text: String) async throws(ResourceFailure) -> String {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)[...]
        let idLength = text.hasPrefix("arn:") ? 7 : 1
        let id = parts.prefix(idLength).joined(separator: ":")
        parts = parts.dropFirst(idLength)
        func next() -> String? { parts.popFirst().flatMap { $0.isEmpty ? nil : $0 } }
        let (kind, key, stage, version) = (next(), next(), next(), next())
        guard kind ?? "SecretString" == "SecretString", parts.isEmpty else {
            throw Self.invalid("secretsmanager:\(text)")
        }
        var input: JSON = ["SecretId": .string(id)]
        input["VersionStage"] = stage.map { .string($0) }
        input["VersionId"] = version.map { .string($0) }
        let secret =
            try await call("secretsmanager", "GetSecretValue", input) { _ in nil }["SecretString"]?.string ?? ""
        guard let key else { return secret }
        guard let object = (try? JSON.parse(secret))?.object else {
            throw ResourceFailure(reason: "Could not parse SecretString JSON")
        }
        guard let value = object[key] else {
            throw ResourceFailure(reason: "Could not find a value associated with JSONKey in SecretString")
        }
        return Parameter.text(value) ?? value.text()
    }

    /// - Parameter told: the reason for an error, where it is not the error's own message.
    private func call(
        _ service: String, _ operation: String, _ input: JSON, _ told: (AWSError) -> String?
    ) async throws(ResourceFailure) -> JSON {
        do throws(AWSError) {
            return try await context.call(service, operation, input)
        } catch {
            throw ResourceFailure(
                reason: told(error) ?? error.message, code: error.code,
                isTransient: error.status >= 500 && error.status != 501)
        }
    }
}

extension StackStep {
    /// The properties as an effect takes them: references resolved, everything in the form of the type.
    func effective(_ properties: JSON, _ type: any ResourceType) async throws(ResourceFailure) -> JSON {
        let resolved = try await DynamicReferences(context: context).resolved(properties)
        return resolved == properties ? properties : try type.coerced(resolved)
    }

    /// The same for what a resource was before; what can no longer be resolved stays as it is.
    func former(_ properties: JSON, _ type: any ResourceType) async -> JSON {
        (try? await effective(properties, type)) ?? properties
    }
}
