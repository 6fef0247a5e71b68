import AWSWire
import BatonCore
import BatonStore
import JSON

/// One API destination. Errors: ResourceNotFoundException. Source: API reference, DescribeApiDestination.
enum DescribeApiDestination: BatonCore.Operation {
    struct Input: Decodable, Sendable { let name: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        try context.read { db in
            guard let destination = try APIDestination.find(input.name, context, db) else {
                throw APIDestination.missing(input.name)
            }
            var result = destination.listed(try destination.state(db))
            result["Description"] = destination.description.map { .string($0) }
            return result
        }
    }
}
