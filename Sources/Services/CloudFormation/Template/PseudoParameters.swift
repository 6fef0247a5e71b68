import JSON

/// The values that every template may refer to without declaring them.
struct PseudoParameters: Sendable {
    static let noValue = "AWS::NoValue"
    static let names: Set<String> = [
        "AWS::AccountId", "AWS::NotificationARNs", noValue, "AWS::Partition", "AWS::Region", "AWS::StackId",
        "AWS::StackName", "AWS::URLSuffix",
    ]

    var account: String
    var region: String
    var stackId: String
    var stackName: String
    var notificationARNs: [String] = []

    /// nil for a name that is no pseudo parameter, and for `AWS::NoValue`.
    subscript(name: String) -> JSON? {
        switch name {
        case "AWS::AccountId": .string(account)
        case "AWS::NotificationARNs": .array(notificationARNs.map { .string($0) })
        case "AWS::Partition": .string(partition)
        case "AWS::Region": .string(region)
        case "AWS::StackId": .string(stackId)
        case "AWS::StackName": .string(stackName)
        case "AWS::URLSuffix": .string(region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com")
        default: nil
        }
    }

    private var partition: String {
        region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }
}
