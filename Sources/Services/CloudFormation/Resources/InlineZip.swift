/// An archive with one stored file, for code that stands in the template itself.
enum InlineZip {
    static func archive(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let name = Array(name.utf8)
        let size = UInt32(truncatingIfNeeded: content.count)
        let checksum = crc32(content)
        var shared: [UInt8] = []
        shared += little(20, 2)  // version needed
        shared += little(0x0800, 2)  // names in UTF-8
        shared += little(0, 2)  // stored
        shared += little(0, 2) + little(0x21, 2)  // 1980-01-01, so that equal code gives equal archives
        shared += little(checksum, 4) + little(size, 4) + little(size, 4)
        shared += little(UInt32(name.count), 2) + little(0, 2)
        var archive = little(0x0403_4B50, 4) + shared + name + content
        let directory = UInt32(truncatingIfNeeded: archive.count)
        var entry = little(0x0201_4B50, 4) + little(0x0314, 2) + shared
        // No comment, first disk, no internal attributes; rw-r--r-- as the file mode of Unix.
        entry += little(0, 2) + little(0, 2) + little(0, 2) + little(0o100644 << 16, 4) + little(0, 4) + name
        archive += entry
        archive += little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2)
        archive += little(UInt32(entry.count), 4) + little(directory, 4) + little(0, 2)
        return archive
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
