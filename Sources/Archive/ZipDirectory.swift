enum ZipSignature {
    static let localHeader = 0x0403_4B50
    static let directoryHeader = 0x0201_4B50
    static let end = 0x0605_4B50
    static let end64 = 0x0606_4B50
    static let end64Locator = 0x0706_4B50
}

/// Where the central directory stands, and how one of its headers reads (APPNOTE 4.3.12 to 4.3.16, 4.5.3).
struct ZipDirectory {
    let offset: Int
    let count: Int

    init(_ bytes: [UInt8]) throws(ArchiveError) {
        guard let end = Self.findEnd(bytes), let disk = bytes.u16(end + 4), var count = bytes.u16(end + 10),
            var offset = bytes.u32(end + 16)
        else { throw .damaged("no end of central directory") }
        guard disk == 0 || disk == 0xFFFF else { throw .unsupported("several volumes") }
        if count == 0xFFFF || offset == 0xFFFF_FFFF, bytes.u32(end - 20) == ZipSignature.end64Locator {
            guard let end64 = bytes.u64(end - 12), bytes.u32(end64) == ZipSignature.end64,
                let count64 = bytes.u64(end64 + 32), let offset64 = bytes.u64(end64 + 48)
            else { throw .damaged("no zip64 end of central directory") }
            count = count64
            offset = offset64
        }
        // Each header has at least 46 bytes: a directory that promises more entries than fit is not walked.
        guard offset <= end, count <= (bytes.count - offset) / 46 + 1 else {
            throw .damaged("the central directory reaches behind the end")
        }
        self.offset = offset
        self.count = count
    }

    /// The end record is the last thing in the file but for a comment of at most 65,535 bytes.
    private static func findEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let first = max(0, bytes.count - 22 - 0xFFFF)
        for position in stride(from: bytes.count - 22, through: first, by: -1)
        where bytes[position] == 0x50 && bytes.u32(position) == ZipSignature.end {
            if let comment = bytes.u16(position + 20), position + 22 + comment <= bytes.count { return position }
        }
        return nil
    }

    func entry(at offset: Int, of bytes: [UInt8]) throws(ArchiveError) -> (ZipArchive.Entry, next: Int) {
        guard bytes.u32(offset) == ZipSignature.directoryHeader, let madeBy = bytes.u16(offset + 4),
            let flags = bytes.u16(offset + 8), let method = bytes.u16(offset + 10), let crc = bytes.u32(offset + 16),
            let nameLength = bytes.u16(offset + 28), let extraLength = bytes.u16(offset + 30),
            let commentLength = bytes.u16(offset + 32), let attributes = bytes.u32(offset + 38),
            let numbers = Self.sizes(
                at: offset, of: bytes, extra: offset + 46 + nameLength..<offset + 46 + nameLength + extraLength)
        else { throw .damaged("the central directory is cut off") }
        let nameEnd = offset + 46 + nameLength
        guard nameEnd + extraLength + commentLength <= bytes.count else {
            throw .damaged("the central directory is cut off")
        }
        guard let path = String(validating: bytes[offset + 46..<nameEnd], as: UTF8.self), !path.utf8.contains(0) else {
            throw .damaged("a name is not UTF-8")
        }
        guard flags & 1 == 0 else { throw .unsupported("\(path) is encrypted") }
        guard method == 0 || method == 8 else { throw .unsupported("\(path) has compression method \(method)") }
        // Only Unix (3) and macOS (19) put a mode into the upper half of the external attributes.
        let mode = madeBy >> 8 == 3 || madeBy >> 8 == 19 ? UInt32(attributes >> 16) : 0
        let isFolder = path.hasSuffix("/") || mode & 0o170000 == 0o040000
        let permissions = mode & 0o777
        let entry = ZipArchive.Entry(
            path: path, size: numbers.size, permissions: permissions != 0 ? permissions : isFolder ? 0o755 : 0o644,
            isFolder: isFolder, isSymbolicLink: mode & 0o170000 == 0o120000, crc: UInt32(crc), isDeflated: method == 8,
            packedSize: numbers.packed, headerOffset: numbers.offset)
        return (entry, nameEnd + extraLength + commentLength)
    }

    /// The three numbers that zip64 may have moved into its extra field, in the order in which they overflowed.
    private static func sizes(
        at offset: Int, of bytes: [UInt8], extra: Range<Int>
    ) -> (size: Int, packed: Int, offset: Int)? {
        guard var packed = bytes.u32(offset + 20), var size = bytes.u32(offset + 24),
            var header = bytes.u32(offset + 42)
        else { return nil }
        guard size == 0xFFFF_FFFF || packed == 0xFFFF_FFFF || header == 0xFFFF_FFFF else {
            return (size, packed, header)
        }
        var position = extra.lowerBound
        while position + 4 <= extra.upperBound {
            guard let kind = bytes.u16(position), let length = bytes.u16(position + 2) else { return nil }
            if kind == 1 {
                var field = position + 4
                if size == 0xFFFF_FFFF {
                    guard let value = bytes.u64(field) else { return nil }
                    size = value
                    field += 8
                }
                if packed == 0xFFFF_FFFF {
                    guard let value = bytes.u64(field) else { return nil }
                    packed = value
                    field += 8
                }
                if header == 0xFFFF_FFFF {
                    guard let value = bytes.u64(field) else { return nil }
                    header = value
                }
                return (size, packed, header)
            }
            position += 4 + length
        }
        return (size, packed, header)
    }
}
