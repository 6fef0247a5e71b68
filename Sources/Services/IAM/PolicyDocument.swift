import AWSWire
import JSON

/// The text of a policy: checked for its form when it comes, encoded for a URL when it goes.
///
/// Baton keeps policies and shows them; it does not evaluate them.
enum PolicyDocument {
    /// - Throws: MalformedPolicyDocument.
    static func check(_ text: String) throws(AWSError) {
        guard let json = try? JSON.parse(text) else { throw IAMError.malformed("This policy contains invalid Json") }
        guard let statement = json["Statement"] else { throw IAMError.malformed("Syntax errors in policy.") }
        if let version = json["Version"], version != "2012-10-17", version != "2008-10-17" {
            throw IAMError.malformed("The policy must contain a valid version string")
        }
        for one in statement.array ?? [statement] {
            guard let effect = one["Effect"]?.string, effect == "Allow" || effect == "Deny" else {
                throw IAMError.malformed("Syntax errors in policy.")
            }
        }
    }

    /// AWS answers documents percent-encoded, all but letters, digits and `-_.~`.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            switch Character(Unicode.Scalar(byte)) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "~": bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
