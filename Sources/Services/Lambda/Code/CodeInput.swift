import AWSWire
import BatonCore
import JSON

/// Where a request says that the code is.
struct CodeInput: Decodable, Sendable {
    let zipFile: JSON?
    let s3Bucket: String?
    let s3Key: String?
    let s3ObjectVersion: String?
    let imageUri: String?

    /// The bytes of the package.
    /// Errors: InvalidParameterValueException.
    func load(_ context: Context) async throws(AWSError) -> [UInt8] {
        if imageUri != nil {
            throw LambdaError.invalid("Baton runs functions from zip packages only, not from container images.")
        }
        if let zipFile {
            let bytes = zipFile.bytes ?? []
            guard bytes.count <= Limits.uploadedCode else {
                throw AWSError(
                    "RequestEntityTooLargeException",
                    "Request must be smaller than \(Limits.uploadedCode) bytes for the"
                        + " CreateFunction operation", status: 413)
            }
            return bytes
        }
        guard let s3Bucket, let s3Key else {
            throw LambdaError.invalid("Please provide a source for function code.")
        }
        var input: JSON = ["Bucket": .string(s3Bucket), "Key": .string(s3Key)]
        if let s3ObjectVersion { input["VersionId"] = .string(s3ObjectVersion) }
        do {
            return try await context.call("s3", "GetObject", input)["Body"]?.bytes ?? []
        } catch {
            throw LambdaError.invalid(
                "Error occurred while GetObject. S3 Error Code: \(error.code). S3 Error Message: \(error.message)")
        }
    }
}
