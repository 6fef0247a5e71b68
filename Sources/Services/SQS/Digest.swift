import Crypto

/// Digests as lower-case hexadecimal text.
enum Digest {
    static func md5(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var hash = Insecure.MD5()
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return hex(hash.finalize())
        }
    }

    static func md5(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { buffer in
            var hash = Insecure.MD5()
            hash.update(bufferPointer: buffer)
            return hex(hash.finalize())
        }
    }

    static func sha256(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            return hex(hash.finalize())
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
