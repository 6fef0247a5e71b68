import AWSWire

/// The ARNs that SNS takes, with AWS's errors for those that it does not.
enum ResourceName {
    /// A topic of the caller's region. `arn:aws:sns:<region>:<account>:<name>`
    static func topic(_ text: String?, region: String, parameter: String = "TopicArn") throws(AWSError) -> String {
        let text = text ?? ""
        try checkElements(text, parameter)
        guard let arn = ARN(text), arn.service == "sns", arn.region == region, !arn.resource.contains(":") else {
            throw SNSError.invalidParameter(parameter)
        }
        return text
    }

    /// `arn:aws:sns:<region>:<account>:<topic>:<uuid>`
    static func subscription(_ text: String) throws(AWSError) -> String {
        guard !text.isEmpty else {
            throw SNSError.invalidParameter("SubscriptionArn Reason: no value for required parameter")
        }
        try checkElements(text, "SubscriptionArn")
        guard let arn = ARN(text), arn.service == "sns" else { throw SNSError.invalidParameter("SubscriptionArn") }
        let parts = arn.resource.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = parts.last, isUUID(id) else {
            throw SNSError.invalidParameter("SubscriptionId")
        }
        return text
    }

    static func topic(ofSubscription arn: String) -> String {
        arn.lastIndex(of: ":").map { String(arn[..<$0]) } ?? arn
    }

    private static func checkElements(_ text: String, _ parameter: String) throws(AWSError) {
        let count = text.split(separator: ":", omittingEmptySubsequences: false).count
        guard count >= 6 else {
            throw SNSError.invalidParameter("\(parameter) Reason: An ARN must have at least 6 elements, not \(count)")
        }
    }

    private static func isUUID(_ text: Substring) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
