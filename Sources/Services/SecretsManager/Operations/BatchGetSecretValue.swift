import AWSWire
import BatonCore
import GRDB
import JSON

/// The current values of up to 20 secrets, by their ids or by filters. What cannot be had is told in `Errors`.
///
/// Errors: InvalidParameterException, InvalidNextTokenException. Source: API reference, BatchGetSecretValue.
enum BatchGetSecretValue: BatonCore.Operation {
    struct Input: Decodable, Sendable {
        let secretIdList: [String]?
        let filters: [SecretFilter]?
        let maxResults: Int?
        let nextToken: String?
    }

    struct Output: Encodable, Sendable {
        let secretValues: [JSON]
        let errors: [JSON]
        let nextToken: String?
    }

    static let pageSize = 20

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        if input.filters == nil, input.maxResults != nil {
            throw SecretsManagerError.parameter(
                "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.")
        }
        guard (input.secretIdList == nil) != (input.filters == nil) else {
            throw SecretsManagerError.parameter(
                "Either 'SecretIdList' or 'Filters' must be provided, but not both.")
        }
        var (ids, token) = (input.secretIdList ?? [], String?.none)
        if let filters = input.filters {
            let views = try context.read { db in
                try Secret.all(context, db).filter { secret in
                    secret.deletionMs == nil && filters.allSatisfy { $0.matches(secret) }
                }.map { try SecretView($0, db) }
            }
            let page = try SecretOrder(by: "created-date", isDescending: false).page(
                views, after: input.nextToken, limit: input.maxResults ?? pageSize)
            (ids, token) = (page.views.map(\.secret.name), page.token)
        }
        var (values, errors): ([JSON], [JSON]) = ([], [])
        for id in ids {
            do throws(AWSError) {
                let wanted = GetSecretValue.Input(secretId: id, versionId: nil, versionStage: nil)
                values.append(try await GetSecretValue.run(wanted, context))
            } catch {
                errors.append([
                    "SecretId": .string(id), "ErrorCode": .string(error.code), "Message": .string(error.message),
                ])
            }
        }
        return Output(secretValues: values, errors: errors, nextToken: token)
    }
}
