import AWSWire
import BatonCore
import BatonStore
import JSON

/// Passes the events of a group that match a pattern on to a function: two filters a group at most.
/// Errors: ResourceNotFoundException, InvalidParameterException (the pattern; a destination that Baton does not have),
/// LimitExceededException. Source: CloudWatch Logs API reference, PutSubscriptionFilter.
enum PutSubscriptionFilter: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> Nothing {
        let write = try LogFilter.put(.subscription, input, context)
        try await checkDestination(input["destinationArn"]?.string ?? "", context)
        return try await context.write(write)
    }

    private static func checkDestination(_ text: String, _ context: Context) async throws(AWSError) {
        guard let arn = ARN(text) else { throw LogsError.invalid("destinationArn is not a valid ARN: \(text)") }
        switch arn.service {
        case "lambda":
            do {
                _ = try await context.of(arn).call(
                    "lambda", "GetFunctionConfiguration", ["FunctionName": .string(text)])
            } catch {
                throw LogsError.invalid(
                    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
                        + "execute your function.")
            }
        case "kinesis":
            throw LogsError.invalid(
                "Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in "
                    + "ACTIVE state.")
        case "firehose":
            throw LogsError.invalid(
                "Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in "
                    + "ACTIVE state.")
        default:
            throw LogsError.invalid(
                "PutSubscriptionFilter operation cannot work with destinationArn for vendor \(arn.service)")
        }
    }
}
