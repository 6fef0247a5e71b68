import AWSWire
import BatonCore
import JSON

/// What is known of parameters besides their values, 50 at a time.
///
/// Errors: InvalidFilterKey, InvalidFilterOption, InvalidFilterValue, InvalidNextToken, ValidationException. Source: API
/// reference, DescribeParameters.
enum DescribeParameters: ReadOperation {
    struct Input: Decodable, Sendable {
        let filters: [ParameterFilter]?
        let parameterFilters: [ParameterFilter]?
        let maxResults: Int?
        let nextToken: String?
        let shared: Bool?
    }

    struct Output: Encodable, Sendable {
        let parameters: [JSON]
        let nextToken: String?
    }

    static let pageSize = 50

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output {
        guard input.filters == nil || input.parameterFilters == nil else {
            throw SSMError.validation("You can use either Filters or ParameterFilters in a single request.")
        }
        // The older filters have no options: names match by their beginning.
        let older = (input.filters ?? []).map {
            ParameterFilter(key: $0.key, option: $0.key == "Name" ? "BeginsWith" : nil, values: $0.values)
        }
        let filters = input.parameterFilters ?? older
        try ParameterFilter.check(filters, byPath: false)
        // Nobody shares parameters with an account of Baton.
        guard input.shared != true else { return Output(parameters: [], nextToken: nil) }
        let found = try context.read { db in try Parameter.all(context, db) }
            .filter { entry in filters.allSatisfy { $0.matches(entry.parameter, entry.tags) } }
        let (page, token) = try Page.cut(found, after: input.nextToken, input.maxResults ?? pageSize) {
            $0.parameter.key
        }
        let shown = page.map { entry in
            var described = entry.parameter.described(context)
            described["ARN"] = .string(entry.parameter.arn)
            return described
        }
        return Output(parameters: shown, nextToken: token)
    }
}
