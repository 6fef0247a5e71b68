import CZlib

/// Unpacks gzip (RFC 1952).
enum Gzip {
    /// More than any reply has, so that a small message cannot fill the memory.
    static let maxLength = 16 * 1024 * 1024

    /// nil when the bytes are no complete gzip, or too much comes out.
    static func decoded(_ packed: [UInt8]) -> [UInt8]? {
        guard packed.count > 18, packed[0] == 0x1F, packed[1] == 0x8B else { return nil }
        var stream = z_stream()
        // 16 more than the window's size means gzip.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var input = packed
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        return input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            while status == Z_OK, output.count <= maxLength {
                let produced = buffer.withUnsafeMutableBufferPointer { buffer -> Int in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(buffer.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return buffer.count - Int(stream.avail_out)
                }
                output.append(contentsOf: buffer.prefix(produced))
            }
            return status == Z_STREAM_END && output.count <= maxLength ? output : nil
        }
    }
}
