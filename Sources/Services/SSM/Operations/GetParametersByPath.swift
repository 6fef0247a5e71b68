import AWSWire
import BatonCore
import JSON

/// The parameters one level below a path, or on all levels, ten at a time. A filter for a label shows the versions that
/// bear it.
///
/// Errors: ValidationException, InvalidFilterKey, InvalidFilterOption, InvalidFilterValue, InvalidNextToken,
/// InvalidKeyId. Source: API reference, GetParametersByPath.
enum GetParametersByPath: ReadOperation {
    struct Input: Decodable, Sendable {
        let path: String
        let recursive: Bool?
        let parameterFilters: [ParameterFilter]?
        let withDecryption: Bool?
        let maxResults: Int?
        let nextToken: String?
    }

    struct Output: Encodable, Sendable {
        let parameters: [JSON]
        let nextToken: String?
    }

    static let pageSize = 10

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        try Hierarchy.check(input.path)
        let filters = input.parameterFilters ?? []
        try ParameterFilter.check(filters, byPath: true)
        let labels = filters.contains { $0.key == "Label" }
        let found = try context.read { db in
            try Parameter.all(context, db).map(\.parameter).filter {
                Hierarchy.contains($0.key, under: input.path, recursive: input.recursive ?? false)
            }.flatMap { labels ? try $0.versions(db) : [$0] }
        }.filter { parameter in filters.allSatisfy { $0.matches(parameter, []) } }
        let (page, token) = try Page.cut(found, after: input.nextToken, input.maxResults ?? pageSize) { $0.key }
        var shown: [JSON] = []
        for parameter in page {
            shown.append(try parameter.shown(decrypted: input.withDecryption ?? false, context))
        }
        return Output(parameters: shown, nextToken: token)
    }
}
