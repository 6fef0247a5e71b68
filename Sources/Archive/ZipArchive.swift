/// A zip file in memory, read by its central directory.
///
/// Stored and deflated entries, zip64 sizes, Unix modes, symbolic links. Every number that the file gives is checked
/// against the file before it is used; contents are checked against their CRC-32.
public struct ZipArchive: Sendable {
    public struct Entry: Sendable, Equatable {
        /// As it stood in the directory, with `/` between parts; folders end with `/`.
        public let path: String
        /// Bytes after decompression, as announced.
        public let size: Int
        /// Permission bits; 0644 (0755 for folders) when the writer of the archive knew no Unix modes.
        public let permissions: UInt32
        public let isFolder: Bool
        public let isSymbolicLink: Bool
        let crc: UInt32
        let isDeflated: Bool
        let packedSize: Int
        let headerOffset: Int
    }

    public let entries: [Entry]
    let bytes: [UInt8]
    let limits: ArchiveLimits

    public init(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) {
        self.bytes = bytes
        self.limits = limits
        let directory = try ZipDirectory(bytes)
        guard directory.count <= limits.entries else { throw .tooLarge("\(directory.count) entries") }
        var entries: [Entry] = []
        var offset = directory.offset
        var total = 0
        for _ in 0..<directory.count {
            let (entry, next) = try directory.entry(at: offset, of: bytes)
            guard entry.size <= limits.unpackedBytes - total else {
                throw .tooLarge("more than \(limits.unpackedBytes) bytes unpacked")
            }
            total += entry.size
            entries.append(entry)
            offset = next
        }
        self.entries = entries
    }

    /// The bytes of all entries together, as announced.
    public var unpackedSize: Int { entries.reduce(0) { $0 + $1.size } }

    public func contents(of entry: Entry) throws(ArchiveError) -> [UInt8] {
        var contents: [UInt8] = []
        try read(entry) { (piece: UnsafeBufferPointer<UInt8>) throws(ArchiveError) in contents.append(contentsOf: piece)
        }
        return contents
    }

    /// Hands the contents on piece by piece and checks length and CRC at the end.
    func read(
        _ entry: Entry, sink: (UnsafeBufferPointer<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let range = try packedRange(entry)
        var crc: UInt32 = 0
        var length = 0
        if entry.isDeflated {
            length = try Deflate.inflate(bytes, range, limit: entry.size) {
                (piece: UnsafeBufferPointer<UInt8>) throws(ArchiveError) in
                crc = Deflate.crc32(crc, piece)
                try sink(piece)
            }
        } else {
            length = range.count
            try bytes.withUnsafeBufferPointer { (all) throws(ArchiveError) in
                let piece = UnsafeBufferPointer(rebasing: all[range])
                crc = Deflate.crc32(0, piece)
                try sink(piece)
            }
        }
        guard length == entry.size else { throw .damaged("\(entry.path) has another length than announced") }
        guard crc == entry.crc else { throw .damaged("\(entry.path) has a wrong checksum") }
    }

    /// Where the packed bytes stand: behind the local header, whose name and extra field have lengths of their own.
    private func packedRange(_ entry: Entry) throws(ArchiveError) -> Range<Int> {
        guard bytes.u32(entry.headerOffset) == ZipSignature.localHeader, let name = bytes.u16(entry.headerOffset + 26),
            let extra = bytes.u16(entry.headerOffset + 28)
        else { throw .damaged("\(entry.path) has no local header") }
        let start = entry.headerOffset + 30 + name + extra
        guard start <= bytes.count, entry.packedSize <= bytes.count - start else {
            throw .damaged("\(entry.path) reaches behind the end")
        }
        guard entry.isDeflated || entry.packedSize == entry.size else {
            throw .damaged("\(entry.path) has another length than announced")
        }
        return start..<start + entry.packedSize
    }
}
