import AWSWire
import BatonCore
import BatonStore
import DynamoDBExpressions
import JSON

/// Items of one partition in the order of their sort key, from the table or from an index, in pages of at most 1 MB.
/// Errors: ResourceNotFoundException, ValidationException. Source: API reference, Query.
enum Query: ReadOperation {
    typealias Output = PageAnswer

    struct Input: Decodable, Sendable {
        let tableName: String
        let indexName: String?
        let select: String?
        let attributesToGet: [String]?
        let limit: Int?
        let consistentRead: Bool?
        let keyConditions: JSON?
        let queryFilter: JSON?
        let conditionalOperator: String?
        let scanIndexForward: Bool?
        let exclusiveStartKey: JSON?
        let returnConsumedCapacity: String?
        let projectionExpression: String?
        let filterExpression: String?
        let keyConditionExpression: String?
        let expressionAttributeNames: JSON?
        let expressionAttributeValues: JSON?
    }

    static func read(_ input: Input, _ context: Context) throws(AWSError) -> PageAnswer {
        let expressions = try Expressions(source(input))
        try ReadRequest.checkSelect(
            input.select, hasProjection: expressions.projection != nil, hasAttributes: input.attributesToGet != nil,
            hasIndex: input.indexName != nil)
        let projection = try ItemRead.projection(expressions, input.attributesToGet)
        let filter = try ReadRequest.filter(
            expressions.filter, input.queryFilter, input.conditionalOperator, "QueryFilter")
        let conditions = try keyConditions(expressions.key, input.keyConditions)
        let isConsistent = input.consistentRead ?? false

        let table = try TableReference.table(input.tableName, context)
        let index = try ReadRequest.index(input.indexName, table, isConsistent: isConsistent)
        let schema = index?.key ?? table.key
        let start = try ReadRequest.startKey(input.exclusiveStartKey, table, index, isQuery: true)
        let key = try conditions.resolved(schema)
        if let start { try check(start.item, key, schema) }
        try ItemWrite.checkPaths((projection?.paths ?? []) + (filter?.condition.paths ?? []), table)
        if let filter { try checkFilter(filter, schema) }
        let page = PageRead(
            table: table, index: index, hash: KeyAttribute.bytes(key.hash), bounds: key.range?.bounds ?? [],
            isForward: input.scanIndexForward ?? true, start: start.map { ($0.key, $0.base) }, limit: input.limit,
            filter: filter?.condition, projection: projection, isCount: input.select == "COUNT",
            isConsistent: isConsistent,
            fetchesItems: try ReadRequest.fetchesItems(input.select, projection, index))
        return PageAnswer(
            try context.read { db in try page.read(db) }, table, isCount: page.isCount,
            ConsumedCapacity.Detail(input.returnConsumedCapacity))
    }

    private static func source(_ input: Input) -> Expressions.Source {
        Expressions.Source(
            filter: input.filterExpression, key: input.keyConditionExpression, projection: input.projectionExpression,
            names: input.expressionAttributeNames, values: input.expressionAttributeValues,
            kinds: [.filter, .projection, .key],
            legacy: [
                ("AttributesToGet", input.attributesToGet != nil), ("QueryFilter", input.queryFilter != nil),
                ("ConditionalOperator", input.conditionalOperator != nil),
                // Key conditions of the old form go together with other expressions of the new one.
                ("KeyConditions", input.keyConditions != nil && input.keyConditionExpression != nil),
            ])
    }

    private static func keyConditions(_ expression: Condition?, _ legacy: JSON?) throws(AWSError) -> KeyConditions {
        if let expression { return try KeyConditions(expression) }
        guard let legacy else {
            throw .validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
        }
        return KeyConditions(legacy: try LegacyCondition.read(legacy))
    }

    /// A starting key lies where the conditions lead.
    private static func check(_ start: Item, _ key: KeyCondition, _ schema: KeySchema) throws(AWSError) {
        let isSameHash = start[schema.hash.name] == key.hash
        guard let range = key.range, let attribute = schema.range, let value = start[attribute.name] else {
            guard isSameHash else {
                throw .validation(
                    "The provided starting key is outside query boundaries based on provided conditions")
            }
            return
        }
        if !range.holds(for: value) {
            throw .validation("The provided starting key does not match the range key predicate")
        }
        if !isSameHash {
            throw .validation("The query can return at most one row and cannot be restarted")
        }
    }

    private static func checkFilter(
        _ filter: (condition: Condition, isLegacy: Bool), _ schema: KeySchema
    ) throws(AWSError) {
        let attributes = Set(filter.condition.paths.map(\.attribute))
        guard let name = schema.names.first(where: attributes.contains) else { return }
        throw .validation(
            "\(filter.isLegacy ? "QueryFilter" : "Filter Expression") can only contain non-primary key attributes: "
                + "Primary key attribute: \(name)")
    }
}

/// The answer of Query and Scan.
struct PageAnswer: Encodable {
    let items: [JSON]?
    let count: Int
    let scannedCount: Int
    let lastEvaluatedKey: JSON?
    let consumedCapacity: JSON?

    init(_ page: PageRead.Page, _ table: Table, isCount: Bool, _ detail: ConsumedCapacity.Detail) {
        items = isCount ? nil : page.items
        count = page.count
        scannedCount = page.scannedCount
        lastEvaluatedKey = page.lastKey?.tree
        consumedCapacity = page.capacity.shown(table.name, detail)
    }
}
