import AWSWire
import DynamoDBExpressions

/// What UpdateTable makes of a definition.
struct TableChange {
    private(set) var definition: TableDefinition
    private(set) var createdIndexes: [Int] = []
    private(set) var deletedIndexes: [Int] = []
    private let nowMs: Int64

    init(_ table: Table, nowMs: Int64) {
        definition = table.definition
        self.nowMs = nowMs
    }

    mutating func apply(_ input: UpdateTable.Input) throws(AWSError) {
        try setBilling(input)
        try setDefinitions(input.attributeDefinitions ?? [])
        for update in input.globalSecondaryIndexUpdates ?? [] { try apply(update) }
        if let stream = input.streamSpecification { try setStream(stream) }
        if let sse = input.sseSpecification { definition.sse = sse }
        if let tableClass = input.tableClass, tableClass != definition.tableClass {
            definition.tableClass = tableClass
            definition.tableClassChangedMs = nowMs
        }
        if let isProtected = input.deletionProtectionEnabled { definition.isDeletionProtected = isProtected }
        if let throughput = input.onDemandThroughput { definition.onDemandThroughput = throughput }
        if let throughput = input.warmThroughput { definition.warmThroughput = throughput }
        dropUnusedDefinitions()
        try TableValidation.checkWhole(definition)
    }

    // MARK: Billing

    private mutating func setBilling(_ input: UpdateTable.Input) throws(AWSError) {
        let wasOnDemand = definition.isOnDemand
        if let mode = input.billingMode {
            definition.billingMode = mode
            if mode == "PAY_PER_REQUEST", !wasOnDemand { switchToOnDemand() }
        }
        guard !definition.isOnDemand else {
            if input.provisionedThroughput != nil {
                throw .invalidParameter(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                        + "PAY_PER_REQUEST")
            }
            return
        }
        guard let units = input.provisionedThroughput else {
            if wasOnDemand { try TableValidation.checkThroughput("PROVISIONED", nil) }
            return
        }
        if units == definition.throughput.units {
            throw Self.unchanged("table", units)
        }
        Self.set(units, &definition.throughput, nowMs)
    }

    private mutating func switchToOnDemand() {
        definition.onDemandSinceMs = nowMs
        definition.throughput = TableDefinition.ThroughputState(units: .none)
        for index in definition.globalIndexes.indices {
            definition.globalIndexes[index].throughput = TableDefinition.ThroughputState(units: .none)
        }
    }

    private static func unchanged(_ kind: String, _ units: TableDefinition.Throughput) -> AWSError {
        .validation(
            "The provisioned throughput for the \(kind) will not change. The requested value equals the current value. "
                + "Current ReadCapacityUnits provisioned for the table: \(units.readCapacityUnits). Requested "
                + "ReadCapacityUnits: \(units.readCapacityUnits). Current WriteCapacityUnits provisioned for the table: "
                + "\(units.writeCapacityUnits). Requested WriteCapacityUnits: \(units.writeCapacityUnits). Refer to the "
                + "Amazon DynamoDB Developer Guide for current limits and how to request higher limits.")
    }

    private static func set(
        _ units: TableDefinition.Throughput, _ state: inout TableDefinition.ThroughputState, _ nowMs: Int64
    ) {
        let old = state.units
        if units.readCapacityUnits > old.readCapacityUnits || units.writeCapacityUnits > old.writeCapacityUnits {
            state.lastIncreaseMs = nowMs
        }
        if units.readCapacityUnits < old.readCapacityUnits || units.writeCapacityUnits < old.writeCapacityUnits {
            state.lastDecreaseMs = nowMs
        }
        state.units = units
    }

    // MARK: Indexes

    private mutating func setDefinitions(_ definitions: [TableDefinition.AttributeDefinition]) throws(AWSError) {
        for new in definitions {
            if let old = definition.attributeDefinitions.first(where: { $0.attributeName == new.attributeName }) {
                guard old == new else {
                    throw .invalidParameter(
                        "Attribute \(new.attributeName) is a key of type \(old.attributeType) and cannot become "
                            + new.attributeType)
                }
            } else {
                definition.attributeDefinitions.append(new)
            }
        }
    }

    private mutating func dropUnusedDefinitions() {
        let indexes = definition.localIndexes + definition.globalIndexes
        let used = Set((definition.keySchema + indexes.flatMap(\.keySchema)).map(\.attributeName))
        definition.attributeDefinitions.removeAll { !used.contains($0.attributeName) }
    }

    private func position(_ name: String) throws(AWSError) -> Int {
        guard let position = definition.globalIndexes.firstIndex(where: { $0.indexName == name }) else {
            throw AWSError(
                "ResourceNotFoundException", "Requested resource not found: Index \(name) not found for table")
        }
        return position
    }

    private mutating func apply(_ update: UpdateTable.IndexUpdate) throws(AWSError) {
        if let deletion = update.delete {
            let index = definition.globalIndexes.remove(at: try position(deletion.indexName))
            deletedIndexes.append(index.number)
        } else if let creation = update.create {
            try create(creation)
        } else if let change = update.update {
            let position = try position(change.indexName)
            if let units = change.provisionedThroughput {
                if definition.isOnDemand {
                    try TableValidation.checkThroughput("PAY_PER_REQUEST", units, index: change.indexName)
                }
                var state =
                    definition.globalIndexes[position].throughput ?? TableDefinition.ThroughputState(units: .none)
                if state.units == units { throw Self.unchanged("index \(change.indexName)", units) }
                Self.set(units, &state, nowMs)
                definition.globalIndexes[position].throughput = state
            }
            if let throughput = change.onDemandThroughput {
                definition.globalIndexes[position].onDemandThroughput = throughput
            }
            if let throughput = change.warmThroughput {
                definition.globalIndexes[position].warmThroughput = throughput
            }
        }
    }

    private mutating func create(_ index: CreateTable.GlobalIndex) throws(AWSError) {
        let names = (definition.localIndexes + definition.globalIndexes).map(\.indexName)
        if names.contains(index.indexName) {
            throw .validation(
                "Attempting to create an index which already exists: \(index.indexName)")
        }
        if definition.globalIndexes.contains(where: { $0.isBackfilling == true }) {
            throw .limitExceeded(
                "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
        }
        try TableValidation.checkKey(index.keySchema, definition.attributeDefinitions.map(\.attributeName))
        try TableValidation.checkThroughput(
            definition.billingMode, index.provisionedThroughput, index: index.indexName)
        if definition.globalIndexes.count >= Limits.globalIndexes {
            throw .limitExceeded(
                "GlobalSecondaryIndex count exceeds the per-table limit of \(Limits.globalIndexes)")
        }
        let number = definition.nextIndexNumber
        definition.add(index)
        definition.globalIndexes[definition.globalIndexes.count - 1].isBackfilling = true
        createdIndexes.append(number)
    }

    // MARK: Stream

    private mutating func setStream(_ stream: TableDefinition.StreamSpecification) throws(AWSError) {
        let isEnabled = definition.stream?.streamEnabled ?? false
        if stream.streamEnabled, isEnabled {
            throw .validation("Table already has an enabled stream: TableName: \(definition.tableId)")
        }
        if !stream.streamEnabled, !isEnabled {
            throw .validation("Table is already disabled stream")
        }
        definition.stream = stream.streamEnabled ? stream : nil
        if stream.streamEnabled { definition.streamLabel = TableValidation.streamLabel(nowMs) }
    }
}
