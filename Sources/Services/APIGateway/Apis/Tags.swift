import AWSWire
import BatonCore
import BatonStore
import JSON

/// Sets labels on an API, a stage, a key or a usage plan. Errors: NotFoundException. Source: API reference, TagResource.
enum TagResource: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tagging.change(input, context) { tags in
            for (key, value) in input["tags"]?.object ?? [:] { tags[key] = value }
        }
    }
}

/// Takes labels away. Errors: NotFoundException. Source: API reference, UntagResource.
enum UntagResource: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try Tagging.change(input, context) { tags in
            for key in input["tagKeys"]?.array ?? [] { tags[key.string ?? ""] = nil }
        }
    }
}

/// The labels of an API, a stage, a key or a usage plan. Errors: NotFoundException. Source: API reference, GetTags.
enum GetTags: ReadOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func read(_ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        let (kind, owner, id) = try Tagging.place(input)
        let part = try context.read { try Shelf(context, owner: owner).require(kind, id, $0) }
        return ["tags": part["tags"] ?? [:]]
    }
}

/// `arn:aws:apigateway:REGION::/restapis/ID`, `…/stages/NAME`, `/apikeys/ID`, `/usageplans/ID`.
enum Tagging {
    static func place(_ input: JSON) throws(AWSError) -> (kind: PartKind, owner: String, id: String) {
        let arn = input["resourceArn"]?.string ?? ""
        let parts = ARN(arn)?.resource.split(separator: "/").map(String.init) ?? []
        switch (parts.first, parts.count) {
        case ("restapis"?, 2): return (.restApi, "", parts[1])
        case ("restapis"?, 4) where parts[2] == "stages": return (.stage, parts[1], parts[3])
        case ("apikeys"?, 2): return (.apiKey, "", parts[1])
        case ("usageplans"?, 2): return (.usagePlan, "", parts[1])
        default: throw APIGatewayError.badRequest("Invalid resource ARN specified: \(arn)")
        }
    }

    static func change(
        _ input: JSON, _ context: Context, _ change: @escaping @Sendable (inout JSON) -> Void
    ) throws(AWSError) -> Write<Nothing> {
        let (kind, owner, id) = try place(input)
        let shelf = Shelf(context, owner: owner)
        return { transaction in
            var part = try shelf.require(kind, id, transaction.db)
            var tags = part["tags"] ?? [:]
            change(&tags)
            part["tags"] = tags
            try shelf.put(kind, id, part, transaction)
            return Nothing()
        }
    }
}
