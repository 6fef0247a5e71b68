import AWSWire
import BatonCore
import JSON

/// What callers see of a parameter.
extension Parameter {
    /// With its value: decrypted, or as it is stored.
    func shown(decrypted: Bool, _ context: Context) throws(AWSError) -> JSON {
        [
            "Name": .string(name), "Type": .string(type),
            "Value": .string(decrypted ? try plainValue(context) : value), "Version": .number(version),
            "LastModifiedDate": .number(Timestamp.number(modifiedMs)), "ARN": .string(arn),
            "DataType": .string(dataType),
        ]
    }

    /// The metadata that DescribeParameters and GetParameterHistory have in common.
    func described(_ context: Context) -> JSON {
        var result: JSON = [
            "Name": .string(name), "Type": .string(type), "LastModifiedDate": .number(Timestamp.number(modifiedMs)),
            "LastModifiedUser": .string("arn:aws:iam::\(account):root"), "Version": .number(version),
            "Tier": .string(tier), "DataType": .string(dataType),
            "Policies": .array(policies.map { $0.described(self, nowMs: context.nowMs) }),
        ]
        result["KeyId"] = keyId.map { .string($0) }
        result["Description"] = description.map { .string($0) }
        result["AllowedPattern"] = allowedPattern.map { .string($0) }
        return result
    }
}

/// Pages of lists in the order of names.
enum Page {
    /// - Parameter name: what tells an item from all others and orders them.
    /// - Throws: InvalidNextToken.
    static func cut<T>(
        _ items: [T], after token: String?, _ limit: Int, _ name: (T) -> String
    ) throws(AWSError) -> (items: [T], token: String?) {
        var rest = items[...]
        if let token, !token.isEmpty {
            guard let last = PageToken.decode(token)?.string else { throw SSMError.nextToken }
            rest = rest.drop { name($0) <= last }
        }
        let page = rest.prefix(limit)
        guard page.count < rest.count, let last = page.last else { return (Array(page), nil) }
        return (Array(page), PageToken.encode(.string(name(last))))
    }
}
