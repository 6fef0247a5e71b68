import AWSWire

/// The part of an object that a `Range` header asks for (RFC 9110, section 14): one range of bytes.
struct ByteRange: Equatable {
    let offset: Int
    let length: Int

    /// nil when the header is absent, malformed or asks for several ranges: then the whole object is answered.
    /// - Throws: `InvalidRange` when nothing of the range exists.
    static func of(_ header: String?, size: Int) throws(AWSError) -> ByteRange? {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let bounds = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let suffix = Int(bounds[1]), suffix >= 0 else { return nil }
            guard suffix > 0, size > 0 else { throw .invalidRange(header, size: size) }
            let length = min(suffix, size)
            return ByteRange(offset: size - length, length: length)
        }
        guard let first = Int(bounds[0]), first >= 0 else { return nil }
        let last = bounds[1].isEmpty ? size - 1 : Int(bounds[1])
        guard let last, bounds[1].isEmpty || last >= first else { return nil }
        guard first < size else { throw .invalidRange(header, size: size) }
        return ByteRange(offset: first, length: min(last, size - 1) - first + 1)
    }

    func header(size: Int) -> String { "bytes \(offset)-\(offset + length - 1)/\(size)" }
}
