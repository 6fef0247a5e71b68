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

    private static func hex<Value: Crypto.Digest>(_ digest: Value) -> String {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
        return String(unsafeUninitializedCapacity: Value.byteCount * 2) { text in
            var at = 0
            for byte in digest {
                text[at] = digit(byte >> 4)
                text[at + 1] = digit(byte & 0x0F)
                at += 2
            }
            return at
        }
    }
}
