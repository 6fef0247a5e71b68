import BatonCore
import CloudFormation
import DynamoDB
import Lambda
import S3
import SNS
import SQS

/// The services of this Baton, in the order in which they start.
enum Composition {
    static func services() -> [any Service] {
        [S3(), SQS(), DynamoDB(), Lambda(), SNS(), CloudFormation()]
    }
}
