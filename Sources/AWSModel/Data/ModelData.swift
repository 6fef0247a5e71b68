// Written by Scripts/generate-model from botocore 1.43.11; do not edit.
// swift-format-ignore-file
/// The compact model of each service as JSON text, by the service's id.
enum ModelData {
    static let byService: [String: StaticString] = [
        "apigateway": apigateway,
        "apigatewayv2": apigatewayv2,
        "batch": batch,
        "cloudformation": cloudformation,
        "dynamodb": dynamodb,
        "dynamodbstreams": dynamodbstreams,
        "ecs": ecs,
        "emr": emr,
        "events": events,
        "glue": glue,
        "iam": iam,
        "lambda": lambda,
        "logs": logs,
        "s3": s3,
        "scheduler": scheduler,
        "secretsmanager": secretsmanager,
        "sns": sns,
        "sqs": sqs,
        "ssm": ssm,
        "stepfunctions": stepfunctions,
        "sts": sts,
    ]
}
