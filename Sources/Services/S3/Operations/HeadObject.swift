import AWSWire
import BatonCore
import JSON

/// Answers what GetObject would, without the content.
/// Errors: as GetObject's, without a body. Source: S3 API reference, HeadObject.
enum HeadObject: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        .object(try ObjectReading(input, context).output)
    }
}
