/// Who signed a request, and for which day, region and service: `AKID/20240131/us-east-1/sqs/aws4_request`.
public struct CredentialScope: Sendable, Hashable {
    public var accessKeyId: String
    /// `yyyyMMdd`.
    public var date: String
    public var region: String
    public var service: String

    public init(accessKeyId: String, date: String, region: String, service: String) {
        self.accessKeyId = accessKeyId
        self.date = date
        self.region = region
        self.service = service
    }

    /// The part behind the access key id, as it stands in the string to sign.
    var path: String { "\(date)/\(region)/\(service)/aws4_request" }
    var credential: String { "\(accessKeyId)/\(path)" }

    /// Reads the scope from the `Authorization` header or from `X-Amz-Credential` of a presigned URL without verifying
    /// anything. What a credential lacks is empty; nil only when the request names no credential at all.
    /// Called for every request: one pass over the bytes, no decoding where nothing is encoded.
    public static func parse(_ request: HTTPRequest) -> CredentialScope? {
        if let header = request.headers["Authorization"] {
            if let credential = value(of: "Credential=", in: header.utf8[...]) { return parse(credential: credential) }
            // The older scheme of S3, `AWS key:signature`, names nothing but the key.
            guard header.utf8.starts(with: "AWS ".utf8) else { return nil }
            let key = header.utf8.dropFirst(4).prefix { $0 != UInt8(ascii: ":") }
            return CredentialScope(accessKeyId: String(Substring(key)), date: "", region: "", service: "s3")
        }
        guard !request.query.isEmpty else { return nil }
        if let credential = value(of: "X-Amz-Credential=", in: request.query.utf8[...]) {
            let text = String(Substring(credential))
            return parse(credential: (PercentEncoding.decode(text) ?? text).utf8[...])
        }
        guard let key = value(of: "AWSAccessKeyId=", in: request.query.utf8[...]) else { return nil }
        return CredentialScope(
            accessKeyId: PercentEncoding.decode(Substring(key)) ?? "", date: "", region: "", service: "s3")
    }

    /// From the end, because the key id itself may hold slashes.
    static func parse(credential: Substring.UTF8View) -> CredentialScope {
        var parts = credential.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        func next() -> String { parts.popLast().map { String(Substring($0)) } ?? "" }
        if parts.count > 1 { _ = next() }
        let service = parts.count > 1 ? next() : ""
        // The asymmetric scheme (SigV4A) has no region in its scope.
        let isDate = { (part: Substring.UTF8View) in part.count == 8 && part.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
        let region = parts.count > 1 && !(parts.count == 2 && parts.last.map(isDate) == true) ? next() : ""
        let date = parts.count > 1 ? next() : ""
        return CredentialScope(
            accessKeyId: parts.map { String(Substring($0)) }.joined(separator: "/"), date: date, region: region,
            service: service)
    }

    /// The bytes behind `name` up to a separator; `name` must begin a parameter.
    private static func value(of name: StaticString, in text: Substring.UTF8View) -> Substring.UTF8View? {
        var start = text.startIndex
        while start < text.endIndex {
            var end = start
            while end < text.endIndex, !isSeparator(text[end]) { text.formIndex(after: &end) }
            if let found = remainder(of: text[start..<end], behind: name) { return found }
            guard end < text.endIndex else { return nil }
            start = text.index(after: end)
        }
        return nil
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "&")
    }

    private static func remainder(of part: Substring.UTF8View, behind name: StaticString) -> Substring.UTF8View? {
        var index = part.startIndex
        for offset in 0..<name.utf8CodeUnitCount {
            guard index < part.endIndex, part[index] == name.utf8Start[offset] else { return nil }
            part.formIndex(after: &index)
        }
        return part[index...]
    }
}
