import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// All items of a table or an index in pages of at most 1 MB; several callers can share the work by segments.
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, Scan.
enum Scan: ReadOperation {
    typealias Output = PageAnswer

    struct Input: Decodable, Sendable {
        let tableName: String
        let indexName: String?
        let attributesToGet: [String]?
        let limit: Int?
        let select: String?
        let scanFilter: JSON?
        let conditionalOperator: String?
        let exclusiveStartKey: JSON?
        let returnConsumedCapacity: String?
        let totalSegments: Int?
        let segment: Int?
        let projectionExpression: String?
        let filterExpression: String?
        let expressionAttributeNames: JSON?
        let expressionAttributeValues: JSON?
        let consistentRead: Bool?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> PageAnswer {
        let expressions = try Expressions(
            Expressions.Source(
                filter: input.filterExpression, projection: input.projectionExpression,
                names: input.expressionAttributeNames, values: input.expressionAttributeValues,
                kinds: [.filter, .projection],
                legacy: [
                    ("AttributesToGet", input.attributesToGet != nil), ("ScanFilter", input.scanFilter != nil),
                    ("ConditionalOperator", input.conditionalOperator != nil),
                ]))
        try ReadRequest.checkSelect(
            input.select, hasProjection: expressions.projection != nil, hasAttributes: input.attributesToGet != nil,
            hasIndex: input.indexName != nil)
        let projection = try ItemRead.projection(expressions, input.attributesToGet)
        let filter = try ReadRequest.filter(
            expressions.filter, input.scanFilter, input.conditionalOperator, "ScanFilter")
        let segment = try segment(input)
        let isConsistent = input.consistentRead ?? false

        let table = try TableReference.table(input.tableName, context)
        let index = try ReadRequest.index(input.indexName, table, isConsistent: isConsistent)
        let start = try ReadRequest.startKey(input.exclusiveStartKey, table, index, isQuery: false)
        if let segment, let start, !segment.contains(start.key.hash) {
            throw ReadRequest.invalidStart(
                "Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: "
                    + "\(segment.total) Segment: \(segment.number)")
        }
        try ItemWrite.checkPaths((projection?.paths ?? []) + (filter?.condition.paths ?? []), table)
        let page = PageRead(
            table: table, index: index, start: start.map { ($0.key, $0.base) }, segment: segment, limit: input.limit,
            filter: filter?.condition, projection: projection, isCount: input.select == "COUNT",
            isConsistent: isConsistent,
            fetchesItems: try ReadRequest.fetchesItems(input.select, projection, index))
        return PageAnswer(
            try context.read { db in try page.read(db) }, table, isCount: page.isCount,
            ConsumedCapacity.Detail(input.returnConsumedCapacity))
    }

    private static func segment(_ input: Input) throws(AWSError) -> PageRead.Segment? {
        guard let total = input.totalSegments else {
            guard input.segment == nil else {
                throw .validation(
                    "The TotalSegments parameter is required but was not present in the request when Segment parameter "
                        + "is present")
            }
            return nil
        }
        guard let number = input.segment else {
            throw .validation(
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is "
                    + "present")
        }
        guard number < total else {
            throw .validation(
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: \(number) "
                    + "is not less than TotalSegments: \(total)")
        }
        return total == 1 ? nil : PageRead.Segment(number: number, total: total)
    }
}
