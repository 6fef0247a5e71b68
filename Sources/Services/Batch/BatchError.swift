import AWSWire
import BatonCore

/// The errors of AWS Batch: the caller's are all `ClientException`.
enum BatchError {
    static func client(_ message: String) -> AWSError { AWSError("ClientException", message) }

    /// As SubmitJob, RegisterJobDefinition and their like word it.
    static func executing(_ message: String, _ context: Context) -> AWSError {
        client("Error executing request, Exception : \(message), RequestId: \(context.requestId)")
    }

    static let alreadyExists = client("Object already exists")
    static func missing(_ text: String) -> AWSError { client("\(text) does not exist") }
    static func notFound(_ arn: String) -> AWSError { client("Resource not found: \(arn)") }

    /// What Baton leaves to AWS.
    static func elsewhere(_ what: String) -> AWSError {
        client(
            "Baton does not run \(what): they train models on Amazon SageMaker. Start Baton with --route batch=aws to use "
                + "them on AWS.")
    }
}
