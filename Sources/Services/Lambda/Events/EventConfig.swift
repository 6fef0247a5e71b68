import AWSWire
import JSON

/// What Put and Update of an event invoke configuration take.
struct EventConfigInput: Decodable, Sendable {
    struct Target: Decodable, Sendable { let destination: String? }
    struct Destinations: Decodable, Sendable {
        let onSuccess: Target?
        let onFailure: Target?
    }

    let functionName: String
    let qualifier: String?
    let maximumRetryAttempts: Int?
    let maximumEventAgeInSeconds: Int?
    let destinationConfig: Destinations?

    /// Errors: InvalidParameterValueException for a destination of an unknown kind.
    func apply(to settings: inout EventSettings) throws(AWSError) {
        guard maximumRetryAttempts != nil || maximumEventAgeInSeconds != nil || destinationConfig != nil else {
            throw LambdaError.invalid("You must specify at least one of error handling or destination setting.")
        }
        settings.maximumRetryAttempts = maximumRetryAttempts ?? settings.maximumRetryAttempts
        settings.maximumEventAgeInSeconds = maximumEventAgeInSeconds ?? settings.maximumEventAgeInSeconds
        guard let destinationConfig else { return }
        settings.onSuccess = try Self.checked(destinationConfig.onSuccess?.destination)
        settings.onFailure = try Self.checked(destinationConfig.onFailure?.destination)
    }

    private static func checked(_ destination: String?) throws(AWSError) -> String? {
        guard let destination, !destination.isEmpty else { return nil }
        guard let arn = ARN(destination), ["sqs", "sns", "lambda", "events"].contains(arn.service) else {
            throw LambdaError.invalid("The provided destination config DestinationConfig is invalid: \(destination)")
        }
        return destination
    }
}

/// FunctionEventInvokeConfig.
struct EventConfigOutput: Encodable, Sendable {
    struct Target: Encodable, Sendable { let destination: String? }
    struct Destinations: Encodable, Sendable {
        let onSuccess: Target
        let onFailure: Target
    }

    let lastModified: Double
    let functionArn: String
    let maximumRetryAttempts: Int?
    let maximumEventAgeInSeconds: Int?
    let destinationConfig: Destinations

    init(_ settings: EventSettings, _ reference: FunctionReference, modifiedMs: Int64) {
        lastModified = Times.seconds(modifiedMs)
        functionArn = reference.qualified(reference.qualifier ?? FunctionVersion.latest).description
        maximumRetryAttempts = settings.maximumRetryAttempts
        maximumEventAgeInSeconds = settings.maximumEventAgeInSeconds
        destinationConfig = Destinations(
            onSuccess: Target(destination: settings.onSuccess), onFailure: Target(destination: settings.onFailure))
    }
}
