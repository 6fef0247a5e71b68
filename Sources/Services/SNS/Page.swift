import AWSWire
import BatonCore
import JSON

/// Pages of lists that are in the order of ARNs.
enum Page {
    static let size = 100

    /// The ARN behind which to go on.
    static func start(_ token: String?) throws(AWSError) -> String {
        guard let token else { return "" }
        guard let start = PageToken.decode(token)?.string else { throw SNSError.invalidParameter("NextToken") }
        return start
    }

    /// Of one row more than a page holds: the page, and the token when there is more.
    static func cut<T>(_ rows: [T], _ arn: (T) -> String) -> ([T], String?) {
        guard rows.count > size, let last = rows.prefix(size).last else { return (rows, nil) }
        return (Array(rows.prefix(size)), PageToken.encode(.string(arn(last))))
    }
}
