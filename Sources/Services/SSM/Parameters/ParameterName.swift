import AWSWire
import BatonCore

/// A name of a parameter. `/a` and `a` are the same parameter; hierarchies always begin with a slash.
struct ParameterName: Equatable, Sendable {
    /// As it is stored: a leading slash only when there are more.
    let key: String
    /// As the caller wrote it.
    let text: String

    /// - Throws: ValidationException for what cannot be a name.
    init(_ given: String) throws(AWSError) {
        text = given.trimmed
        let body = text.hasPrefix("/") ? text.dropFirst() : text[...]
        let segments = body.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAllowed) }) else { throw SSMError.path }
        if segments.count > 1, !text.hasPrefix("/") { throw SSMError.path }
        key = segments.count > 1 ? text : String(body)
    }

    /// A name for a new parameter.
    /// - Throws: ValidationException, AccessDeniedException, HierarchyLevelLimitExceededException.
    init(new given: String, _ context: Context) throws(AWSError) {
        let trimmed = given.trimmed
        if trimmed.contains("/"), !trimmed.hasPrefix("/") { throw SSMError.notQualified }
        try self.init(trimmed)
        let segments = key.split(separator: "/")
        let first = segments.first?.lowercased() ?? ""
        if segments.count > 1 {
            if first == "aws" { throw SSMError.reserved(trimmed) }
            if first.hasPrefix("aws") || first.hasPrefix("ssm") { throw SSMError.path }
        } else if first.hasPrefix("aws") || first.hasPrefix("ssm") {
            throw SSMError.prefix
        }
        guard segments.count <= Limits.levels else { throw SSMError.tooDeep }
        let arn = Self.arn(key, account: context.account, region: context.region)
        // Assumed: the text.
        guard arn.utf8.count <= Limits.arn else {
            throw SSMError.validation("The parameter name is too long: its ARN has at most \(Limits.arn) characters.")
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    static func arn(_ key: String, account: String, region: String) -> String {
        ARN(
            service: "ssm", region: region, account: account,
            resource: "parameter\(key.hasPrefix("/") ? "" : "/")\(key)"
        ).description
    }
}

extension String {
    /// Without spaces at its ends.
    var trimmed: String {
        let head = drop { $0 == " " }
        return String(head.reversed().drop { $0 == " " }.reversed())
    }
}

/// What a caller asks for: a name or an ARN, then perhaps `:` and a version or a label.
struct ParameterReference: Sendable {
    enum Selector: Equatable, Sendable {
        case version(Int)
        case label(String)
    }

    let account: String
    let region: String
    let name: ParameterName
    let selector: Selector?
    /// With its colon.
    let selectorText: String?
    private let isARN: Bool

    init(_ given: String, _ context: Context) throws(AWSError) {
        var text = given.trimmed
        isARN = text.hasPrefix("arn:")
        var (account, region) = (context.account, context.region)
        if isARN {
            guard let arn = ARN(text), arn.service == "ssm", arn.resource.hasPrefix("parameter/") else {
                throw SSMError.path
            }
            (account, region) = (arn.account, arn.region)
            text = String(arn.resource.dropFirst("parameter".count))
        }
        (self.account, self.region) = (account, region)
        let colon = text.firstIndex(of: ":")
        name = try ParameterName(String(text[..<(colon ?? text.endIndex)]))
        selectorText = colon.map { String(text[$0...]) }
        selector = selectorText.map { text in
            let inside = String(text.dropFirst())
            return Int(inside).map { .version($0) } ?? .label(inside)
        }
    }

    /// How the answer names the parameter: as the caller did.
    var shownName: String { isARN ? name.key : name.text }
}
