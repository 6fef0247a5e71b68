import AWSWire
import BatonCore
import BatonStore
import JSON

/// Changes what is given of an event bus. Errors: ResourceNotFoundException. Source: API reference, UpdateEventBus.
enum UpdateEventBus: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String?
        let kmsKeyIdentifier: String?
        let description: String?
        let deadLetterConfig: JSON?
        let logConfig: JSON?
    }

    struct Output: Encodable, Sendable {
        let arn: String
        let name: String
        let kmsKeyIdentifier: String?
        let description: String?
        let deadLetterConfig: JSON?
        let logConfig: JSON?
    }

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        BusChange.write(BusKey(input.name, context)) { bus in
            bus.kmsKeyIdentifier = input.kmsKeyIdentifier ?? bus.kmsKeyIdentifier
            bus.description = input.description ?? bus.description
            bus.deadLetterConfig = input.deadLetterConfig ?? bus.deadLetterConfig
            bus.logConfig = input.logConfig ?? bus.logConfig
            return Output(
                arn: bus.arn.description, name: bus.name, kmsKeyIdentifier: bus.kmsKeyIdentifier,
                description: bus.description, deadLetterConfig: bus.deadLetterConfig, logConfig: bus.logConfig)
        }
    }
}
