import AWSWire
import DynamoDBExpressions

/// The rules of CreateTable and UpdateTable that the model does not know, with AWS's texts in AWS's order.
enum TableValidation {
    typealias Definition = TableDefinition

    static func checkThroughput(
        _ mode: String, _ throughput: Definition.Throughput?, index: String? = nil
    ) throws(AWSError) {
        if mode == "PAY_PER_REQUEST" {
            guard throughput != nil else { return }
            if let index {
                throw .invalidParameter(
                    "ProvisionedThroughput should not be specified for index: \(index) when BillingMode is "
                        + "PAY_PER_REQUEST")
            }
            throw .invalidParameter(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
        }
        guard let throughput else {
            if let index {
                throw .invalidParameter("ProvisionedThroughput must be specified for index: \(index)")
            }
            throw .invalidParameter(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
        }
        try checkBounds(throughput, index: index)
    }

    static func checkBounds(_ throughput: Definition.Throughput, index: String? = nil) throws(AWSError) {
        let suffix = index.map { " for index \($0)" } ?? ""
        for (name, units) in [
            ("ReadCapacityUnits", throughput.readCapacityUnits), ("WriteCapacityUnits", throughput.writeCapacityUnits),
        ] where units > Limits.capacityUnits {
            throw .validation("Given value \(units) for \(name) is out of bounds\(suffix)")
        }
    }

    static func checkTableKey(
        _ schema: [Definition.KeySchemaElement], _ definitions: [Definition.AttributeDefinition]
    ) throws(AWSError) {
        let defined = definitions.map(\.attributeName)
        let names = schema.map(\.attributeName)
        if names.count > 2 {
            throw .constraint(
                "[\(schema.map { "KeySchemaElement(attributeName=\($0.attributeName), keyType=\($0.keyType))" }.joined(separator: ", "))]",
                at: "keySchema", "Member must have length less than or equal to 2")
        }
        if names.count == 2,
            names.contains(where: { !defined.contains($0) }) || names[0] == names[1] && defined.count == 1
        {
            throw .validation("Invalid KeySchema: Some index key attribute have no definition")
        }
        try checkKey(schema, defined)
    }

    static func checkKey(_ schema: [Definition.KeySchemaElement], _ defined: [String]) throws(AWSError) {
        let names = schema.map(\.attributeName)
        if names.contains(where: { !defined.contains($0) }) {
            throw .invalidParameter(
                "Some index key attributes are not defined in AttributeDefinitions. Keys: "
                    + "[\(names.joined(separator: ", "))], AttributeDefinitions: [\(defined.joined(separator: ", "))]")
        }
        if names.count == 2, names[0] == names[1] {
            throw .validation("Both the Hash Key and the Range Key element in the KeySchema have the same name")
        }
        if schema.first?.keyType != "HASH" {
            throw .validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
        }
        if schema.count > 1, schema[1].keyType != "RANGE" {
            throw .validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
        }
    }

    static func checkProjection(_ projection: Definition.Projection) throws(AWSError) {
        guard let type = projection.projectionType else {
            throw .invalidParameter("Unknown ProjectionType: null")
        }
        if projection.nonKeyAttributes != nil, type != "INCLUDE" {
            throw .invalidParameter("ProjectionType is \(type), but NonKeyAttributes is specified")
        }
        if type == "INCLUDE", projection.nonKeyAttributes?.isEmpty ?? true {
            throw .invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
        }
    }

    static func checkLocal(
        _ indexes: [CreateTable.LocalIndex], _ input: CreateTable.Input, _ names: inout Set<String>
    ) throws(AWSError) {
        if indexes.isEmpty { throw .invalidParameter("List of LocalSecondaryIndexes is empty") }
        if input.keySchema.count != 2 {
            throw .invalidParameter(
                "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
        }
        let tableHash = input.keySchema[0].attributeName
        for index in indexes {
            try checkKey(index.keySchema, input.attributeDefinitions.map(\.attributeName))
            if index.keySchema.count != 2 {
                throw .invalidParameter("Index KeySchema does not have a range key for index: \(index.indexName)")
            }
            let hash = index.keySchema[0].attributeName
            if hash != tableHash {
                throw .invalidParameter(
                    "Index KeySchema does not have the same leading hash key as table KeySchema for index: "
                        + "\(index.indexName). index hash key: \(hash), table hash key: \(tableHash)")
            }
            try checkProjection(index.projection)
            try checkName(index.indexName, &names)
        }
        if indexes.count > Limits.localIndexes {
            throw .invalidParameter(
                "Number of LocalSecondaryIndexes exceeds per-table limit of \(Limits.localIndexes)")
        }
    }

    static func checkGlobal(
        _ indexes: [CreateTable.GlobalIndex], _ input: CreateTable.Input, mode: String, _ names: inout Set<String>
    ) throws(AWSError) {
        if indexes.isEmpty { throw .invalidParameter("List of GlobalSecondaryIndexes is empty") }
        for index in indexes {
            try checkKey(index.keySchema, input.attributeDefinitions.map(\.attributeName))
            try checkProjection(index.projection)
            try checkThroughput(mode, index.provisionedThroughput, index: index.indexName)
            try checkName(index.indexName, &names)
        }
        if indexes.count > Limits.globalIndexes {
            throw .invalidParameter(
                "GlobalSecondaryIndex count exceeds the per-table limit of \(Limits.globalIndexes)")
        }
    }

    private static func checkName(_ name: String, _ names: inout Set<String>) throws(AWSError) {
        try TableReference.check(name, at: "indexName")
        guard names.insert(name).inserted else { throw .invalidParameter("Duplicate index name: \(name)") }
    }

    /// What all `INCLUDE` projections name together is limited, and so is the use of attribute definitions: each must be
    /// a key of something.
    static func checkWhole(_ definition: Definition) throws(AWSError) {
        let indexes = definition.localIndexes + definition.globalIndexes
        let included = indexes.reduce(0) { $0 + ($1.projection.nonKeyAttributes?.count ?? 0) }
        if included > Limits.includedAttributes {
            throw .invalidParameter(
                "Number of NonKeyAttributes exceeds per-table limit of \(Limits.includedAttributes)")
        }
        let used = Set((definition.keySchema + indexes.flatMap(\.keySchema)).map(\.attributeName))
        let defined = definition.attributeDefinitions.map(\.attributeName)
        guard Set(defined) != used else { return }
        if indexes.isEmpty {
            throw .invalidParameter(
                "Number of attributes in KeySchema does not exactly match number of attributes defined in "
                    + "AttributeDefinitions")
        }
        throw .invalidParameter(
            "Some AttributeDefinitions are not used. AttributeDefinitions: [\(defined.joined(separator: ", "))], keys "
                + "used: [\(used.sorted().joined(separator: ", "))]")
    }

    static func checkStream(_ stream: Definition.StreamSpecification?) throws(AWSError) {
        guard let stream else { return }
        if stream.streamEnabled, stream.streamViewType == nil {
            throw .invalidParameter("StreamViewType is required when StreamEnabled is true")
        }
        if !stream.streamEnabled, stream.streamViewType != nil {
            throw .invalidParameter("Table is being created with stream disabled, but StreamViewType is specified")
        }
    }

    /// The label of a stream that is enabled now: the time in ISO 8601, without its zone.
    static func streamLabel(_ milliseconds: Int64) -> String {
        String(Timestamp.iso8601(milliseconds, showsMilliseconds: true).dropLast())
    }
}
