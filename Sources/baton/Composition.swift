import BatonCore
import CloudFormation
import CloudWatchLogs
import DynamoDB
import IAM
import Lambda
import S3
import SNS
import SQS
import STS

/// The services of this Baton, in the order in which they start.
enum Composition {
    static func services() -> [any Service] {
        [CloudWatchLogs(), IAM(), STS(), S3(), SQS(), DynamoDB(), Lambda(), SNS(), CloudFormation()]
    }
}
