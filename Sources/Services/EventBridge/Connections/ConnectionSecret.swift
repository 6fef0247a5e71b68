import AWSWire
import BatonCore
import BatonStore
import JSON

/// The secret `events!connection/NAME/UUID` in Secrets Manager that AWS makes for each connection. It changes and goes
/// with the connection, in the same transaction. Assumed: its members.
extension Connection {
    /// nil where there is no Secrets Manager to write to in one transaction.
    func creatingSecret(_ context: Context) throws(AWSError) -> Write<Enlisted>? {
        try Self.enlisted(
            "CreateSecret",
            [
                "Name": .string("events!connection/\(name)/\(uuid)"),
                "Description": .string("Secret for EventBridge connection \(arn)"), "SecretString": .string(secretText),
            ], context)
    }

    func updatingSecret(_ context: Context) throws(AWSError) -> Write<Enlisted>? {
        guard let secretArn else { return nil }
        return try Self.enlisted(
            "PutSecretValue", ["SecretId": .string(secretArn), "SecretString": .string(secretText)], context)
    }

    func deletingSecret(_ context: Context) throws(AWSError) -> Write<Enlisted>? {
        guard let secretArn else { return nil }
        return try Self.enlisted(
            "DeleteSecret", ["SecretId": .string(secretArn), "ForceDeleteWithoutRecovery": true], context)
    }

    private static func enlisted(
        _ operation: String, _ input: JSON, _ context: Context
    ) throws(AWSError) -> Write<Enlisted>? {
        guard context.host.registry.has("secretsmanager") else { return nil }
        return try context.enlisted("secretsmanager", operation, input)
    }

    private var secretText: String {
        var members: JSON
        switch authorizationType {
        case "BASIC":
            let basic = auth["BasicAuthParameters"]
            members = ["username": basic?["Username"] ?? "", "password": basic?["Password"] ?? ""]
        case "API_KEY":
            let key = auth["ApiKeyAuthParameters"]
            members = ["api_key_name": key?["ApiKeyName"] ?? "", "api_key_value": key?["ApiKeyValue"] ?? ""]
        default:
            let oauth = auth["OAuthParameters"]
            members = [
                "client_id": oauth?["ClientParameters"]?["ClientID"] ?? "",
                "client_secret": oauth?["ClientParameters"]?["ClientSecret"] ?? "",
                "authorization_endpoint": oauth?["AuthorizationEndpoint"] ?? "",
                "http_method": oauth?["HttpMethod"] ?? "",
            ]
            members["oauth_http_parameters"] = oauth?["OAuthHttpParameters"]
        }
        members["invocation_http_parameters"] = auth["InvocationHttpParameters"]
        return members.text()
    }
}
