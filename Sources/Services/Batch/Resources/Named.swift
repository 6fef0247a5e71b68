import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// The kinds of resources, as their ARNs name them.
enum ResourceKind: String {
    case environment = "compute-environment"
    case queue = "job-queue"
    case definition = "job-definition"
    case policy = "scheduling-policy"
    case consumable = "consumable-resource"
    case job

    func arn(_ name: String, _ context: Context) -> String {
        context.arn("batch", "\(rawValue)/\(name)").description
    }

    func arn(_ name: String, account: String, region: String) -> String {
        ARN(service: "batch", region: region, account: account, resource: "\(rawValue)/\(name)").description
    }

    /// The name in an ARN of this kind, or the text itself where it is no ARN.
    func name(_ text: String) -> String {
        guard let arn = ARN(text), arn.resource.hasPrefix(rawValue + "/") else { return text }
        return String(arn.resource.dropFirst(rawValue.count + 1))
    }
}

/// Names of resources and jobs: up to 128 letters, digits, hyphens and underscores, the first a letter or digit.
enum Naming {
    static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, bytes.count <= 128, isWord(first) else { return false }
        return bytes.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// Pages of lists: a token holds the place after which the next page begins.
enum Page {
    static func size(_ asked: Int?) -> Int { min(max(1, asked ?? 100), 100) }

    static func after(_ token: String?) throws(AWSError) -> JSON? {
        guard let token, !token.isEmpty else { return nil }
        guard let place = PageToken.decode(token) else { throw BatchError.client("Invalid nextToken") }
        return place
    }
}

extension JSON {
    /// Text from the store.
    static func stored(_ text: String) -> JSON { (try? JSON.parse(text)) ?? [:] }

    /// With those members that have a value.
    static func members(_ members: [(String, JSON?)]) -> JSON {
        .object(JSON.Object(members.compactMap { member in member.1.map { (member.0, $0) } }))
    }
}
