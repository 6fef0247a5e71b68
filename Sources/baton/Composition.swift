import BatonCore
import DynamoDB
import S3
import SNS
import SQS

/// The services of this Baton, in the order in which they start.
enum Composition {
    static func services() -> [any Service] { [S3(), SQS(), DynamoDB(), SNS()] }
}
