/// An archive with stored files, for code that stands in the template itself.
enum InlineZip {
    static func archive(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            let name = Array(name.utf8)
            let offset = UInt32(truncatingIfNeeded: archive.count)
            let header = header(name, content)
            archive += little(0x0403_4B50, 4) + header + name + content
            directory += little(0x0201_4B50, 4) + little(0x0314, 2) + header
            // No comment, first disk, no internal attributes; rw-r--r-- as the file mode of Unix.
            directory +=
                little(0, 2) + little(0, 2) + little(0, 2) + little(0o100644 << 16, 4) + little(offset, 4) + name
        }
        let start = UInt32(truncatingIfNeeded: archive.count)
        let count = UInt32(files.count)
        archive += directory
        archive += little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2)
        archive += little(UInt32(directory.count), 4) + little(start, 4) + little(0, 2)
        return archive
    }

    /// What stands alike before a file and in the directory.
    private static func header(_ name: [UInt8], _ content: [UInt8]) -> [UInt8] {
        let size = UInt32(truncatingIfNeeded: content.count)
        var header: [UInt8] = []
        header += little(20, 2)  // version needed
        header += little(0x0800, 2)  // names in UTF-8
        header += little(0, 2)  // stored
        header += little(0, 2) + little(0x21, 2)  // 1980-01-01, so that equal code gives equal archives
        header += little(crc32(content), 4) + little(size, 4) + little(size, 4)
        header += little(UInt32(name.count), 2) + little(0, 2)
        return header
    }

    private static func little(_ value: UInt32, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }
}
