internal import CZlib

/// Raw deflate streams (RFC 1951) and CRC-32, over zlib.
public enum Deflate {
    private static let chunk = 64 * 1024
    /// zlib's window of 32 KB without header and trailer.
    private static let rawWindow: Int32 = -15

    public static func crc32(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { crc32(0, $0) }
    }

    static func crc32(_ start: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: CZlib.crc32_z(UInt(start), bytes.baseAddress, bytes.count))
    }

    /// Compresses at zlib's default level; the same bytes give the same stream.
    static func compress(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        var stream = z_stream()
        let version = zlibVersion()
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, rawWindow, 8, Z_DEFAULT_STRATEGY, version,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw .damaged("zlib does not start") }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw .damaged("zlib ends with \(status)") }
        output.removeLast(Int(stream.avail_out))
        return output
    }

    /// A gzip file of one member (RFC 1952) without a name or a time.
    public static func gzip(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
        let trailer = [crc32(bytes), UInt32(truncatingIfNeeded: bytes.count)].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return try [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + compress(bytes) + trailer
    }

    /// The content of a gzip file of one member (RFC 1952). Its checksum is compared.
    ///
    /// - Parameter limit: the most bytes that may come out.
    public static func gunzip(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else {
            throw .damaged("the file is not gzip")
        }
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0 { start += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
        // A name, then a comment, each up to its zero byte.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            while start < bytes.count, bytes[start] != 0 { start += 1 }
            start += 1
        }
        if flags & 2 != 0 { start += 2 }
        guard start < bytes.count - 8 else { throw .damaged("the gzip file ends early") }
        var output: [UInt8] = []
        _ = try inflate(bytes, start..<bytes.count - 8, limit: limit) { output.append(contentsOf: $0) }
        let checksum = bytes[(bytes.count - 8)...].prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard checksum == crc32(output) else { throw .damaged("the gzip file does not have the checksum it names") }
        return output
    }

    /// Inflates `range` of `bytes` piece by piece.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that may come out; one more is refused before it is handed on.
    ///   - sink: gets each piece; what it throws ends the inflation.
    /// - Returns: how many bytes came out.
    static func inflate(
        _ bytes: [UInt8], _ range: Range<Int>, limit: Int,
        sink: (UnsafeBufferPointer<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> Int {
        var stream = z_stream()
        guard inflateInit2_(&stream, rawWindow, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .damaged("zlib does not start")
        }
        defer { inflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: chunk)
        var position = range.lowerBound
        var total = 0
        var status = Z_OK
        while status != Z_STREAM_END {
            let offered = min(range.upperBound - position, chunk)
            // zlib's interface asks for a mutable pointer but only reads from it.
            var input = Array(bytes[position..<position + offered])
            let produced = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress
                    stream.avail_in = UInt32(offered)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(chunk)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return chunk - Int(stream.avail_out)
                }
            }
            let consumed = offered - Int(stream.avail_in)
            position += consumed
            total += produced
            guard status == Z_OK || status == Z_STREAM_END, consumed > 0 || produced > 0 || status == Z_STREAM_END
            else {
                throw .damaged("a compressed entry ends early or is not deflate data")
            }
            guard total <= limit else { throw .tooLarge("more bytes come out than announced or allowed") }
            try output.withUnsafeBufferPointer { (buffer) throws(ArchiveError) in
                try sink(UnsafeBufferPointer(rebasing: buffer[..<produced]))
            }
        }
        return total
    }
}
