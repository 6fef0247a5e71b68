import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// One row of `lambda_mapping`: an event source whose records go to a function.
struct Mapping: Sendable {
    let uuid: String
    /// With the qualifier that was asked for.
    var function: FunctionReference
    let sourceArn: ARN
    var isEnabled: Bool
    var settings: MappingSettings
    var tags: [String: String]
    var modifiedMs: Int64
    /// How the last batch of a stream ended.
    private(set) var lastResult: String?

    var arn: ARN {
        ARN(
            service: "lambda", region: function.region, account: function.account,
            resource: "event-source-mapping:\(uuid)")
    }

    init(
        uuid: String, function: FunctionReference, sourceArn: ARN, isEnabled: Bool, settings: MappingSettings,
        tags: [String: String]
    ) {
        self.uuid = uuid
        self.function = function
        self.sourceArn = sourceArn
        self.isEnabled = isEnabled
        self.settings = settings
        self.tags = tags
        modifiedMs = 0
    }

    init(_ row: Row) throws {
        uuid = row["uuid"]
        function = FunctionReference(
            account: row["account"], region: row["region"], name: row["name"], qualifier: row["qualifier"])
        guard let arn = ARN(row["source_arn"] as String) else { throw LambdaError.mappingNotFound() }
        sourceArn = arn
        isEnabled = row["is_enabled"]
        settings = try JSON.parse(row["settings"] as String).decoded()
        tags = try JSON.parse(row["tags"] as String).decoded()
        modifiedMs = row["modified_ms"]
        lastResult = row["result"]
    }

    func store(_ transaction: Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO lambda_mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", uuid, function.account,
            function.region, function.name, function.qualifier, sourceArn.description, isEnabled,
            try JSON(encoding: settings).text(), try JSON(encoding: tags).text(), modifiedMs)
    }

    /// Rows with what is known of the reading of streams.
    static let selection = "SELECT * FROM lambda_mapping LEFT JOIN lambda_stream_position ON mapping = uuid"

    static func read(_ uuid: String, _ db: Database) throws -> Mapping? {
        try db.row("\(selection) WHERE uuid = ?", uuid).map(Mapping.init)
    }
}

/// What can be changed of a mapping.
struct MappingSettings: Codable, Sendable, Equatable {
    var batchSize = 10
    /// Seconds.
    var window = 0
    /// Contains `ReportBatchItemFailures` when the function names the records that failed.
    var responseTypes: [String] = []
    /// As in the request: `{Filters: [{Pattern}]}`.
    var filters: JSON?
    var maximumConcurrency: Int?
    var kmsKeyArn: String?
    /// Kept as the request has them: they only matter to what AWS measures and provisions.
    var metrics: JSON?
    var provisionedPollers: JSON?
    /// Of streams only.
    var stream: StreamSettings?

    var reportsFailures: Bool { responseTypes.contains("ReportBatchItemFailures") }
}

/// The members that Create and Update share; absent ones keep what is there.
struct MappingInput: Decodable, Sendable {
    struct Scaling: Decodable, Sendable { let maximumConcurrency: Int? }

    let batchSize: Int?
    let maximumBatchingWindowInSeconds: Int?
    let functionResponseTypes: [String]?
    let filterCriteria: JSON?
    let scalingConfig: Scaling?
    let kmsKeyArn: String?
    let metricsConfig: JSON?
    let provisionedPollerConfig: JSON?
    let startingPosition: String?
    let bisectBatchOnFunctionError: Bool?
    let maximumRetryAttempts: Int?
    let maximumRecordAgeInSeconds: Int?
    let parallelizationFactor: Int?
    let tumblingWindowInSeconds: Int?
    let destinationConfig: JSON?
    // Of sources that Baton does not have.
    let startingPositionTimestamp: JSON?
    let topics: JSON?
    let queues: JSON?
    let sourceAccessConfigurations: JSON?
    let selfManagedEventSource: JSON?
    let amazonManagedKafkaEventSourceConfig: JSON?
    let selfManagedKafkaEventSourceConfig: JSON?
    let documentDBEventSourceConfig: JSON?

    private func checkForeign() throws(AWSError) {
        let members = [
            ("StartingPositionTimestamp", startingPositionTimestamp), ("Topics", topics), ("Queues", queues),
            ("SourceAccessConfigurations", sourceAccessConfigurations),
            ("SelfManagedEventSource", selfManagedEventSource),
            ("AmazonManagedKafkaEventSourceConfig", amazonManagedKafkaEventSourceConfig),
            ("SelfManagedKafkaEventSourceConfig", selfManagedKafkaEventSourceConfig),
            ("DocumentDBEventSourceConfig", documentDBEventSourceConfig),
        ]
        for (name, value) in members where value?.array?.isEmpty == false || value?.object?.isEmpty == false {
            throw LambdaError.invalid("\(name) is not supported for queues and DynamoDB streams.")
        }
        if startingPositionTimestamp != nil {
            throw LambdaError.invalid("StartingPositionTimestamp is not supported for queues and DynamoDB streams.")
        }
    }

    /// Errors: InvalidParameterValueException.
    func apply(to settings: inout MappingSettings, source: ARN) throws(AWSError) {
        try checkForeign()
        settings.metrics = metricsConfig ?? settings.metrics
        settings.provisionedPollers = provisionedPollerConfig ?? settings.provisionedPollers
        let isFIFO = source.resource.hasSuffix(".fifo")
        settings.batchSize = batchSize ?? settings.batchSize
        settings.window = maximumBatchingWindowInSeconds ?? settings.window
        settings.responseTypes = functionResponseTypes ?? settings.responseTypes
        settings.kmsKeyArn = kmsKeyArn ?? settings.kmsKeyArn
        if let filterCriteria {
            settings.filters = filterCriteria["Filters"]?.array?.isEmpty == false ? filterCriteria : nil
            _ = try FilterCriteria(settings.filters)
        }
        guard source.service == "sqs" else { return try applyStream(to: &settings) }
        if let scalingConfig { settings.maximumConcurrency = scalingConfig.maximumConcurrency }
        guard settings.batchSize <= (isFIFO ? 10 : 10_000) else {
            throw LambdaError.invalid("Batch size for SQS must be between 1 and \(isFIFO ? 10 : 10_000)")
        }
        guard settings.window == 0 || !isFIFO else {
            throw LambdaError.invalid("Batching window is not supported for FIFO queues.")
        }
        guard settings.batchSize <= 10 || settings.window > 0 else {
            throw LambdaError.invalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
        }
    }
}

/// EventSourceMappingConfiguration.
struct MappingOutput: Encodable, Sendable {
    struct Scaling: Encodable, Sendable { let maximumConcurrency: Int }

    let uuid: String
    let batchSize: Int
    let maximumBatchingWindowInSeconds: Int
    let eventSourceArn: String
    let filterCriteria: JSON?
    let functionArn: String
    let lastModified: Double
    let state: String
    let stateTransitionReason: String
    let functionResponseTypes: [String]
    let scalingConfig: Scaling?
    let kmsKeyArn: String?
    let metricsConfig: JSON?
    let provisionedPollerConfig: JSON?
    let eventSourceMappingArn: String
    var lastProcessingResult: String?
    var startingPosition: String?
    var bisectBatchOnFunctionError: Bool?
    var maximumRetryAttempts: Int?
    var maximumRecordAgeInSeconds: Int?
    var parallelizationFactor: Int?
    var tumblingWindowInSeconds: Int?
    var destinationConfig: JSON?

    private enum CodingKeys: String, CodingKey {
        case uuid = "UUID"
        case lastProcessingResult, startingPosition, bisectBatchOnFunctionError, maximumRetryAttempts,
            maximumRecordAgeInSeconds
        case parallelizationFactor, tumblingWindowInSeconds, destinationConfig
        case batchSize, maximumBatchingWindowInSeconds, eventSourceArn, filterCriteria, functionArn, lastModified
        case metricsConfig, provisionedPollerConfig
        case state, stateTransitionReason, functionResponseTypes, scalingConfig, kmsKeyArn, eventSourceMappingArn
    }

    /// - Parameter state: the passing one of a change: `Creating`, `Updating`, `Deleting`, as the answer to it shows.
    init(_ mapping: Mapping, state: String? = nil) {
        uuid = mapping.uuid
        batchSize = mapping.settings.batchSize
        maximumBatchingWindowInSeconds = mapping.settings.window
        eventSourceArn = mapping.sourceArn.description
        filterCriteria = mapping.settings.filters
        functionArn = mapping.function.arn.description
        lastModified = Times.seconds(mapping.modifiedMs)
        self.state = state ?? (mapping.isEnabled ? "Enabled" : "Disabled")
        stateTransitionReason = "USER_INITIATED"
        functionResponseTypes = mapping.settings.responseTypes
        scalingConfig = mapping.settings.maximumConcurrency.map(Scaling.init(maximumConcurrency:))
        kmsKeyArn = mapping.settings.kmsKeyArn
        metricsConfig = mapping.settings.metrics
        provisionedPollerConfig = mapping.settings.provisionedPollers
        eventSourceMappingArn = mapping.arn.description
        guard let stream = mapping.settings.stream else { return }
        lastProcessingResult = mapping.lastResult ?? StreamReader.nothingYet
        startingPosition = stream.startingPosition
        bisectBatchOnFunctionError = stream.bisects
        maximumRetryAttempts = stream.maximumRetryAttempts
        maximumRecordAgeInSeconds = stream.maximumRecordAge
        parallelizationFactor = stream.parallelization
        tumblingWindowInSeconds = 0
        destinationConfig = ["OnFailure": stream.onFailure.map { ["Destination": .string($0)] } ?? [:]]
    }
}
