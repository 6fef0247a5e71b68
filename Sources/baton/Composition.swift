import APIGateway
import APIGatewayV2
import Batch
import BatonCore
import CloudFormation
import CloudWatchLogs
import DynamoDB
import EventBridge
import IAM
import Lambda
import S3
import SNS
import SQS
import SSM
import STS
import Scheduler
import SecretsManager
import StepFunctions

/// The services of this Baton, in the order in which they start.
enum Composition {
    static func services() -> [any Service] {
        [
            CloudWatchLogs(), IAM(), STS(), S3(), SQS(), DynamoDB(), DynamoDBStreams(), Lambda(), SNS(), EventBridge(),
            Scheduler(), SecretsManager(), SSM(), StepFunctions(), Batch(), APIGatewayV2(), APIGateway(),
            CloudFormation(),
        ]
    }
}
