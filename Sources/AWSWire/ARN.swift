/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    public var partition: String
    public var service: String
    public var region: String
    public var account: String
    /// Everything behind the account, which may hold colons and slashes of its own.
    public var resource: String

    public init(service: String, region: String, account: String, resource: String, partition: String = "aws") {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// nil when `text` has not the six parts of an ARN.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
            return nil
        }
        self.init(service: parts[2], region: parts[3], account: parts[4], resource: parts[5], partition: parts[1])
    }

    public var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }
}
