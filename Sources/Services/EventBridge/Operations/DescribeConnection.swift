import AWSWire
import BatonCore
import BatonStore
import JSON

/// One connection without its secrets. Errors: ResourceNotFoundException. Source: API reference, DescribeConnection.
enum DescribeConnection: BatonCore.Operation {
    struct Input: Decodable, Sendable { let name: String }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        guard let connection = try context.read({ try Connection.find(input.name, context, $0) }) else {
            throw Connection.missing(input.name)
        }
        return connection.described
    }
}
