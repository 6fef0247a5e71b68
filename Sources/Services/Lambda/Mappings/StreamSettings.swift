import AWSWire
import JSON

/// What mappings on streams have besides. −1 means without limit.
struct StreamSettings: Codable, Sendable, Equatable {
    /// `TRIM_HORIZON` or `LATEST`.
    var startingPosition = "LATEST"
    var bisects = false
    var maximumRetryAttempts = -1
    /// Seconds.
    var maximumRecordAge = -1
    /// How many batches of one shard are under way at once: 1–10.
    var parallelization = 1
    /// A queue or topic for what is given up.
    var onFailure: String?

    static let defaultBatchSize = 100
}

extension MappingInput {
    /// Errors: InvalidParameterValueException. Source: API reference, CreateEventSourceMapping.
    func applyStream(to settings: inout MappingSettings) throws(AWSError) {
        var stream = settings.stream ?? StreamSettings()
        if settings.stream == nil {
            settings.batchSize = batchSize ?? StreamSettings.defaultBatchSize
            guard let startingPosition else {
                throw LambdaError.invalid(
                    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member "
                        + "must not be null.")
            }
            guard startingPosition != "AT_TIMESTAMP" else {
                throw LambdaError.invalid("Unsupported starting position for arn type: AT_TIMESTAMP")
            }
            stream.startingPosition = startingPosition
        }
        guard (tumblingWindowInSeconds ?? 0) == 0 else {
            throw LambdaError.invalid("Baton has no tumbling windows: TumblingWindowInSeconds must be 0.")
        }
        if let scalingConfig, scalingConfig.maximumConcurrency != nil {
            throw LambdaError.invalid("ScalingConfig is supported for SQS event sources only.")
        }
        stream.bisects = bisectBatchOnFunctionError ?? stream.bisects
        stream.maximumRetryAttempts = maximumRetryAttempts ?? stream.maximumRetryAttempts
        stream.maximumRecordAge = maximumRecordAgeInSeconds ?? stream.maximumRecordAge
        stream.parallelization = parallelizationFactor ?? stream.parallelization
        if let destinationConfig { stream.onFailure = destinationConfig["OnFailure"]?["Destination"]?.string }
        guard stream.maximumRecordAge == -1 || stream.maximumRecordAge >= 60 else {
            throw LambdaError.invalid("MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.")
        }
        if let text = stream.onFailure, ARN(text).map({ ["sqs", "sns"].contains($0.service) }) != true {
            throw LambdaError.invalid("Baton sends failed batches to queues and topics only: \(text)")
        }
        guard settings.batchSize <= 1000 else {
            throw LambdaError.invalid("Batch size for DynamoDB must be between 1 and 1000")
        }
        settings.stream = stream
    }
}
