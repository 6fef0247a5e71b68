import AWSWire
import BatonCore

/// A function as callers name it: `name`, `name:qualifier`, `123456789012:function:name` or a whole ARN, each with or
/// without a qualifier behind.
struct FunctionReference: Sendable, Hashable {
    let account: String
    let region: String
    let name: String
    /// Version or alias; nil means `$LATEST`, but shows no qualifier in ARNs.
    let qualifier: String?

    /// - Parameter qualifier: the request's own; it must agree with the one in `text`.
    init(_ text: String, qualifier: String? = nil, _ context: Context) throws(AWSError) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var (account, region) = (context.account, context.region)
        if parts.count >= 7, parts[0] == "arn" {
            (region, account) = (parts[3], parts[4])
            parts.removeFirst(6)
        } else if parts.count >= 3, parts[1] == "function" {
            account = parts[0]
            parts.removeFirst(2)
        }
        guard parts.count <= 2, let name = parts.first, Self.isName(name) else {
            throw LambdaError.invalid(
                "1 validation error detected: Value '\(text)' at 'functionName' failed to satisfy constraint: Member must"
                    + " satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?"
                    + "(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?")
        }
        let inner = parts.count == 2 ? parts[1] : nil
        if let inner, let qualifier, inner != qualifier {
            throw LambdaError.invalid(
                "The derived qualifier from the function name does not match the specified qualifier.")
        }
        guard region == context.region else {
            throw LambdaError.notFound(
                "Functions from '\(region)' are not reachable in this region ('\(context.region)')")
        }
        self.init(account: account, region: region, name: name, qualifier: qualifier ?? inner)
    }

    init(account: String, region: String, name: String, qualifier: String?) {
        self.account = account
        self.region = region
        self.name = name
        self.qualifier = qualifier
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// The ARN without qualifier.
    var functionArn: ARN { ARN(service: "lambda", region: region, account: account, resource: "function:\(name)") }

    /// The ARN as it was asked for.
    var arn: ARN { qualified(qualifier) }

    func qualified(_ qualifier: String?) -> ARN {
        guard let qualifier else { return functionArn }
        return ARN(service: "lambda", region: region, account: account, resource: "function:\(name):\(qualifier)")
    }

    func with(qualifier: String?) -> FunctionReference {
        FunctionReference(account: account, region: region, name: name, qualifier: qualifier)
    }
}
