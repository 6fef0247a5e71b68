/// Builds a zip file in memory. The same entries in the same order give the same bytes: every timestamp is 1 January
/// 1980, so that the hash of a code package changes only when its contents do.
public struct ZipWriter: Sendable {
    private struct Written {
        let name: [UInt8]
        let crc: Int
        let packed: Int
        let size: Int
        let method: Int
        let mode: Int
        let offset: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Written] = []
    /// 1980-01-01, the first day that the format knows.
    private static let date = 0x0021
    /// Names are UTF-8 (general purpose bit 11).
    private static let flags = 0x0800

    public init() {}

    public mutating func add(_ path: String, _ contents: [UInt8], isExecutable: Bool = false) throws(ArchiveError) {
        try append(path, contents, mode: isExecutable ? 0o100755 : 0o100644)
    }

    public mutating func addSymbolicLink(_ path: String, to target: String) throws(ArchiveError) {
        try append(path, Array(target.utf8), mode: 0o120777)
    }

    private mutating func append(_ path: String, _ contents: [UInt8], mode: Int) throws(ArchiveError) {
        let name = Array(path.utf8)
        guard contents.count < 0xFFFF_FFFF, bytes.count < 0xFFFF_FFFF - contents.count, entries.count < 0xFFFE,
            name.count <= 0xFFFF
        else { throw .tooLarge("\(path) does not fit without zip64") }
        let deflated = try Deflate.compress(contents)
        let isDeflated = deflated.count < contents.count
        let packed = isDeflated ? deflated : contents
        let entry = Written(
            name: name, crc: Int(Deflate.crc32(contents)), packed: packed.count, size: contents.count,
            method: isDeflated ? 8 : 0, mode: mode, offset: bytes.count)
        bytes.append32(ZipSignature.localHeader)
        bytes.append16(20)
        appendCommon(entry)
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: packed)
        entries.append(entry)
    }

    /// What local and central header share, from the flags to the length of the extra field.
    private mutating func appendCommon(_ entry: Written) {
        bytes.append16(Self.flags)
        bytes.append16(entry.method)
        bytes.append16(0)
        bytes.append16(Self.date)
        bytes.append32(entry.crc)
        bytes.append32(entry.packed)
        bytes.append32(entry.size)
        bytes.append16(entry.name.count)
        bytes.append16(0)
    }

    public consuming func finish() -> [UInt8] {
        let start = bytes.count
        for entry in entries {
            bytes.append32(ZipSignature.directoryHeader)
            bytes.append16(3 << 8 | 20)
            bytes.append16(20)
            appendCommon(entry)
            bytes.append16(0)  // comment
            bytes.append16(0)  // volume
            bytes.append16(0)  // internal attributes
            bytes.append32(entry.mode << 16)
            bytes.append32(entry.offset)
            bytes.append(contentsOf: entry.name)
        }
        let length = bytes.count - start
        bytes.append32(ZipSignature.end)
        bytes.append32(0)
        bytes.append16(entries.count)
        bytes.append16(entries.count)
        bytes.append32(length)
        bytes.append32(start)
        bytes.append16(0)
        return bytes
    }
}
