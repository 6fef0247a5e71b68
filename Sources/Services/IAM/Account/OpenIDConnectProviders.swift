import AWSWire
import BatonCore
import BatonStore
import JSON

// OpenID Connect providers: kept and shown; their tokens are not checked. Source: API reference, the operations' own
// pages.

enum OpenIDConnectProviders {
    static let operations: [any Operation.Type] = [
        CreateOpenIDConnectProvider.self, GetOpenIDConnectProvider.self, ListOpenIDConnectProviders.self,
        DeleteOpenIDConnectProvider.self, AddClientIDToOpenIDConnectProvider.self,
        RemoveClientIDFromOpenIDConnectProvider.self, UpdateOpenIDConnectProviderThumbprint.self,
        TagOpenIDConnectProvider.self, UntagOpenIDConnectProvider.self, ListOpenIDConnectProviderTags.self,
    ]

    static func find(_ input: JSON, _ context: Context) throws(AWSError) -> AccountDocument {
        let arn = input["OpenIDConnectProviderArn"]?.string ?? ""
        let found = try context.read { db in try AccountDocument.find(.openIDConnect, arn, context.account, db) }
        guard let found else { throw missing(arn) }
        return found
    }

    static func missing(_ arn: String) -> AWSError {
        IAMError.notFound("OpenIDConnect Provider not found for arn \(arn)")
    }

    static func change(
        _ input: JSON, _ context: Context, _ change: @escaping @Sendable (inout JSON) -> Void
    ) -> Write<Nothing> {
        let arn = input["OpenIDConnectProviderArn"]?.string ?? ""
        return { transaction in
            guard var provider = try AccountDocument.find(.openIDConnect, arn, context.account, transaction.db) else {
                throw missing(arn)
            }
            change(&provider.body)
            try provider.save(.openIDConnect, context.account, transaction)
            return Nothing()
        }
    }

    /// Tags with those of `more` in place of their own of the same key.
    static func merged(_ tags: JSON?, _ more: JSON?) -> JSON {
        let more = more?.array ?? []
        return .array((tags?.array ?? []).filter { tag in !more.contains { $0["Key"] == tag["Key"] } } + more)
    }
}

/// Errors: EntityAlreadyExists, InvalidInput (no `https://`).
enum CreateOpenIDConnectProvider: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let url = input["Url"]?.string ?? ""
        guard url.hasPrefix("https://") else {
            throw AWSError("ValidationError", "Invalid Open ID Connect Provider URL")
        }
        let host = String(url.dropFirst("https://".count))
        let arn = "arn:aws:iam::\(context.account):oidc-provider/\(host)"
        let new: JSON = [
            "Url": .string(host), "ClientIDList": input["ClientIDList"] ?? [],
            "ThumbprintList": input["ThumbprintList"] ?? [], "Tags": input["Tags"] ?? [],
        ]
        return { transaction in
            guard try AccountDocument.find(.openIDConnect, arn, context.account, transaction.db) == nil else {
                throw IAMError.exists("Provider with url \(url) already exists.")
            }
            var body = new
            body["CreateDate"] = .number(Int(transaction.nowMs / 1000))
            try AccountDocument(id: arn, body: body).save(.openIDConnect, context.account, transaction)
            return ["OpenIDConnectProviderArn": .string(arn), "Tags": body["Tags"] ?? []]
        }
    }
}

/// Errors: NoSuchEntity.
enum GetOpenIDConnectProvider: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try OpenIDConnectProviders.find(input, context).body
    }
}

enum ListOpenIDConnectProviders: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let all = try context.read { db in try AccountDocument.all(.openIDConnect, context.account, db) }
        return ["OpenIDConnectProviderList": .array(all.map { ["Arn": .string($0.id)] })]
    }
}

/// One that does not exist is removed with success.
enum DeleteOpenIDConnectProvider: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let arn = input["OpenIDConnectProviderArn"]?.string ?? ""
        return { transaction in
            _ = try AccountDocument.remove(.openIDConnect, arn, context.account, transaction)
            return Nothing()
        }
    }
}

/// Errors: NoSuchEntity.
enum AddClientIDToOpenIDConnectProvider: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        OpenIDConnectProviders.change(input, context) { body in
            let ids = (body["ClientIDList"]?.array ?? []).filter { $0 != input["ClientID"] }
            body["ClientIDList"] = .array(ids + [input["ClientID"] ?? ""])
        }
    }
}

/// Errors: NoSuchEntity.
enum RemoveClientIDFromOpenIDConnectProvider: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        OpenIDConnectProviders.change(input, context) { body in
            body["ClientIDList"] = .array((body["ClientIDList"]?.array ?? []).filter { $0 != input["ClientID"] })
        }
    }
}

/// Errors: NoSuchEntity.
enum UpdateOpenIDConnectProviderThumbprint: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        OpenIDConnectProviders.change(input, context) { $0["ThumbprintList"] = input["ThumbprintList"] }
    }
}

/// Errors: NoSuchEntity.
enum TagOpenIDConnectProvider: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        OpenIDConnectProviders.change(input, context) { body in
            body["Tags"] = OpenIDConnectProviders.merged(body["Tags"], input["Tags"])
        }
    }
}

/// Errors: NoSuchEntity.
enum UntagOpenIDConnectProvider: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        OpenIDConnectProviders.change(input, context) { body in
            let keys = input["TagKeys"]?.array ?? []
            body["Tags"] = .array((body["Tags"]?.array ?? []).filter { !keys.contains($0["Key"] ?? .null) })
        }
    }
}

/// Errors: NoSuchEntity.
enum ListOpenIDConnectProviderTags: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        ["Tags": try OpenIDConnectProviders.find(input, context).body["Tags"] ?? [], "IsTruncated": false]
    }
}
