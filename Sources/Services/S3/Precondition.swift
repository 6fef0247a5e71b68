import AWSWire
import JSON

/// The conditional headers of a request (RFC 9110, section 13, as S3 applies them).
struct Precondition: Sendable {
    var ifMatch: String?
    var ifNoneMatch: String?
    /// Epoch seconds.
    var ifModifiedSince: Double?
    var ifUnmodifiedSince: Double?

    init() {}

    init(_ input: JSON, prefix: String = "") {
        ifMatch = input["\(prefix)IfMatch"]?.string
        ifNoneMatch = input["\(prefix)IfNoneMatch"]?.string
        ifModifiedSince = input["\(prefix)IfModifiedSince"]?.double
        ifUnmodifiedSince = input["\(prefix)IfUnmodifiedSince"]?.double
    }

    private func isSame(_ condition: String, _ etag: String) -> Bool {
        condition == "*" || condition.split(separator: ",").contains { $0.trimmed == etag }
    }

    /// - Parameter isCopy: a copy answers 412 where a read answers 304.
    func checkRead(_ object: StoredObject, isCopy: Bool = false) throws(AWSError) {
        let modified = Double(object.modifiedMs / 1000)
        if let ifMatch {
            guard isSame(ifMatch, object.etag) else { throw .preconditionFailed("If-Match") }
        } else if let ifUnmodifiedSince, modified > ifUnmodifiedSince {
            throw .preconditionFailed("If-Unmodified-Since")
        }
        if let ifNoneMatch {
            if isSame(ifNoneMatch, object.etag) { throw isCopy ? .preconditionFailed("If-None-Match") : .notModified }
        } else if let ifModifiedSince, modified <= ifModifiedSince {
            throw isCopy ? .preconditionFailed("If-Modified-Since") : .notModified
        }
    }

    /// Writes know `If-None-Match: *` (only when absent) and `If-Match: etag` (only this version).
    func checkWrite(_ old: StoredObject?, _ key: String) throws(AWSError) {
        if let ifNoneMatch, ifNoneMatch != "*" {
            throw AWSError(
                "NotImplemented", "A header you provided implies functionality that is not implemented", status: 501,
                fields: ["Header": "If-None-Match"])
        }
        if ifNoneMatch != nil, old != nil { throw .preconditionFailed("If-None-Match") }
        guard let ifMatch else { return }
        guard let old else { throw .noSuchKey(key) }
        guard isSame(ifMatch, old.etag) else { throw .preconditionFailed("If-Match") }
    }
}

extension Substring {
    /// Without spaces and quotes around it.
    fileprivate var trimmed: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\"" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\"" { text.removeLast() }
        return text
    }
}
