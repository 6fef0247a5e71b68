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
    public static func parse(_ request: HTTPRequest) -> CredentialScope? {
        if var header = request.headers["Authorization"] {
            return header.withUTF8 { header in
                if let credential = value(of: "Credential=", in: header) { return Self(credential: credential) }
                // The older scheme of S3, `AWS key:signature`, names nothing but the key.
                guard header.starts(with: "AWS ".utf8) else { return nil }
                return keyOnly(String(decoding: header.dropFirst(4).prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self))
            }
        }
        guard !request.query.isEmpty else { return nil }
        var query = request.query
        return query.withUTF8 { query in
            if let credential = value(of: "X-Amz-Credential=", in: query) {
                let text = String(decoding: credential, as: UTF8.self)
                return parse(credential: PercentEncoding.decode(text) ?? text)
            }
            return value(of: "AWSAccessKeyId=", in: query).map { key in
                keyOnly(PercentEncoding.decode(String(decoding: key, as: UTF8.self)) ?? "")
            }
        }
    }

    private static func keyOnly(_ key: String) -> Self {
        CredentialScope(accessKeyId: key, date: "", region: "", service: "s3")
    }

    static func parse(credential: String) -> CredentialScope {
        var credential = credential
        return credential.withUTF8 { Self(credential: $0) }
    }

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    /// From the end, because the key id itself may hold slashes.
    private init(credential: Bytes) {
        var end = credential.count
        func takeLast() -> Bytes? {
            var start = end
            while start > 0, credential[start - 1] != UInt8(ascii: "/") { start -= 1 }
            guard start > 0 else { return nil }
            defer { end = start - 1 }
            return Bytes(rebasing: credential[start..<end])
        }
        func text(_ part: Bytes?) -> String { part.map { String(decoding: $0, as: UTF8.self) } ?? "" }
        _ = takeLast()
        service = text(takeLast())
        let next = takeLast()
        // The asymmetric scheme (SigV4A) has no region in its scope.
        if let next, next.count == 8, next.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            !credential[..<end].contains(UInt8(ascii: "/"))
        {
            region = ""
            date = text(next)
        } else {
            region = text(next)
            date = text(takeLast())
        }
        accessKeyId = text(Bytes(rebasing: credential[..<end]))
    }

    /// The bytes behind `name` up to a separator; `name` must begin a parameter.
    private static func value(of name: StaticString, in text: Bytes) -> Bytes? {
        let count = name.utf8CodeUnitCount
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, !isSeparator(text[end]) { end += 1 }
            let parameter = Bytes(rebasing: text[start..<end])
            if parameter.starts(with: Bytes(start: name.utf8Start, count: count)) {
                return Bytes(rebasing: parameter[count...])
            }
            start = end + 1
        }
        return nil
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "&")
    }
}
