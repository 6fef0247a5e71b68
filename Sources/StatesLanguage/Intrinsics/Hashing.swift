import Crypto
import JSON

extension IntrinsicFunction {
    /// `States.Hash`: hexadecimal, lower case. A value that is no text is hashed as its JSON.
    static func hash(_ arguments: Arguments) throws(IntrinsicFailure) -> JSON {
        let value = try arguments.value(0)
        let text = value.string ?? value.text()
        guard text.unicodeScalars.count <= longestText else { throw IntrinsicFailure() }
        let bytes = Array(text.utf8)
        switch try arguments.text(1) {
        case "MD5": return digest(Insecure.MD5.hash(data: bytes))
        case "SHA-1": return digest(Insecure.SHA1.hash(data: bytes))
        case "SHA-256": return digest(SHA256.hash(data: bytes))
        case "SHA-384": return digest(SHA384.hash(data: bytes))
        case "SHA-512": return digest(SHA512.hash(data: bytes))
        default: throw IntrinsicFailure()
        }
    }

    private static func digest(_ digest: some Sequence<UInt8>) -> JSON {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return .string(String(decoding: text, as: UTF8.self))
    }
}
