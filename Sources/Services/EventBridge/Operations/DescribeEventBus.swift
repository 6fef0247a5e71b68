import AWSWire
import BatonCore
import BatonStore
import JSON

/// One event bus. Errors: ResourceNotFoundException. Source: API reference, DescribeEventBus.
enum DescribeEventBus: BatonCore.Operation {
    struct Input: Decodable, Sendable { let name: String? }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        let bus = try context.read { try EventBus.find(BusKey(input.name, context), $0) }
        return bus.described
    }
}

extension EventBus {
    var listed: JSON {
        var result: JSON = ["Name": .string(name), "Arn": .string(arn.description)]
        result["Description"] = description.map { .string($0) }
        result["Policy"] = policy.map { .string($0.text()) }
        result["CreationTime"] = createdMs.map { .time($0) }
        result["LastModifiedTime"] = modifiedMs.map { .time($0) }
        return result
    }

    var described: JSON {
        var result = listed
        result["KmsKeyIdentifier"] = kmsKeyIdentifier.map { .string($0) }
        result["DeadLetterConfig"] = deadLetterConfig
        result["LogConfig"] = logConfig
        return result
    }
}
