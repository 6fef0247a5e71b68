// Written by Scripts/generate-model from botocore 1.43.11; do not edit.
/// The compact model of each service as JSON text, by the service's id.
enum ModelData {
    static let byService: [String: StaticString] = [
        "cloudformation": cloudformation,
        "dynamodb": dynamodb,
        "iam": iam,
        "lambda": lambda,
        "logs": logs,
        "s3": s3,
        "sns": sns,
        "sqs": sqs,
        "sts": sts,
    ]
}
