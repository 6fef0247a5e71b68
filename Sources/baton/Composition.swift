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
<<<<<<< HEAD
        [IAM(), STS(), S3(), SQS(), DynamoDB(), Lambda(), SNS(), CloudFormation()]
=======
        [S3(), SQS(), DynamoDB(), CloudWatchLogs(), Lambda(), SNS(), CloudFormation()]
>>>>>>> lambda
    }
}
