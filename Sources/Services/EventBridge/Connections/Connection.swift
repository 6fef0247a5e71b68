import AWSWire
import BatonCore
import BatonStore
import JSON

/// How to authorise at an HTTP endpoint. `auth` holds the secrets as they were given; they are never shown.
struct Connection: Named {
    static let table = "events_connection"

    let account: String
    let region: String
    let name: String
    /// Tells it from an earlier connection of the same name.
    let uuid: String
    var description: String?
    /// `BASIC`, `API_KEY` or `OAUTH_CLIENT_CREDENTIALS`.
    var authorizationType: String
    /// The member tree of `AuthParameters`.
    var auth: JSON
    var state = "AUTHORIZED"
    let createdMs: Int64
    var modifiedMs: Int64
    var authorizedMs: Int64?
    /// Stored and shown: Baton does not encrypt with it.
    var kmsKey: String?
    /// Stored and shown: Baton reaches private endpoints as it reaches all.
    var connectivity: JSON?
    /// Of the secret in Secrets Manager that shows the parameters, where there is that service.
    var secretArn: String?

    var arn: String {
        ARN(service: "events", region: region, account: account, resource: "connection/\(name)/\(uuid)").description
    }

    /// The name in a connection's ARN.
    static func name(ofARN text: String) -> String? {
        guard let arn = ARN(text), arn.service == "events", arn.resource.hasPrefix("connection/") else { return nil }
        return arn.resource.split(separator: "/").dropFirst().first.map(String.init)
    }

    static func require(
        _ name: String, _ context: Context, _ transaction: Transaction
    ) throws -> Connection {
        guard let found = try find(name, context, transaction.db) else { throw missing(name) }
        return found
    }

    static func missing(_ name: String) -> AWSError {
        EventsError.notFound("Failed to describe the connection(s). Connection '\(name)' does not exist.")
    }

    // MARK: What callers see

    /// What the changing operations answer.
    var summary: JSON {
        var result: JSON = [
            "ConnectionArn": .string(arn), "ConnectionState": .string(state), "CreationTime": .time(createdMs),
            "LastModifiedTime": .time(modifiedMs),
        ]
        result["LastAuthorizedTime"] = authorizedMs.map { .time($0) }
        return result
    }

    var listed: JSON {
        var result = summary
        result["Name"] = .string(name)
        result["AuthorizationType"] = .string(authorizationType)
        return result
    }

    var described: JSON {
        var result = listed
        result["Description"] = description.map { .string($0) }
        result["SecretArn"] = secretArn.map { .string($0) }
        result["AuthParameters"] = Self.shown(auth)
        result["KmsKeyIdentifier"] = kmsKey.map { .string($0) }
        result["InvocationConnectivityParameters"] = connectivity
        return result
    }

    /// Without passwords, keys and the values that are marked as secret.
    private static func shown(_ auth: JSON) -> JSON {
        var result = auth
        result["BasicAuthParameters"]?["Password"] = nil
        result["ApiKeyAuthParameters"]?["ApiKeyValue"] = nil
        result["OAuthParameters"]?["ClientParameters"]?["ClientSecret"] = nil
        result["InvocationHttpParameters"] = auth["InvocationHttpParameters"].map(shownHTTP)
        if let http = auth["OAuthParameters"]?["OAuthHttpParameters"] {
            result["OAuthParameters"]?["OAuthHttpParameters"] = shownHTTP(http)
        }
        return result
    }

    private static func shownHTTP(_ parameters: JSON) -> JSON {
        .object(
            JSON.Object(
                (parameters.object ?? [:]).map { kind, list in
                    let shown = (list.array ?? []).map { parameter in
                        var parameter = parameter
                        if parameter["IsValueSecret"]?.bool == true { parameter["Value"] = nil }
                        return parameter
                    }
                    return (kind, .array(shown))
                }))
    }

    // MARK: Checks

    private static let parameterNames = [
        "BASIC": "BasicAuthParameters", "API_KEY": "ApiKeyAuthParameters",
        "OAUTH_CLIENT_CREDENTIALS": "OAuthParameters",
    ]

    /// - Throws: ValidationException when the parameters are not those of the type. Assumed: the text.
    func check() throws(AWSError) {
        guard let wanted = Self.parameterNames[authorizationType], auth[wanted] != nil else {
            throw EventsError.validation(
                "Authorization parameters for \(authorizationType) must be specified in AuthParameters.")
        }
        for (type, name) in Self.parameterNames where type != authorizationType && auth[name] != nil {
            throw EventsError.validation("\(name) cannot be specified for a connection of type \(authorizationType).")
        }
    }

    /// `auth` with `changes` set over it; the parameters of another type go.
    mutating func change(type: String?, _ changes: JSON?) {
        if let type, type != authorizationType {
            if let name = Self.parameterNames[authorizationType] { auth[name] = nil }
            authorizationType = type
        }
        for (name, value) in changes?.object ?? [:] {
            guard var merged = auth[name], merged.object != nil, name != "InvocationHttpParameters" else {
                auth[name] = value
                continue
            }
            for (key, part) in value.object ?? [:] { merged[key] = part }
            auth[name] = merged
        }
    }
}
