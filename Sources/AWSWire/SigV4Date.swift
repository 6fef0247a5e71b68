import JSON

extension SigV4 {
    /// `20130524T000000Z` for milliseconds since 1970.
    public static func dateText(ms: Int64) -> String {
        let second = (ms - (ms % 1000 + 1000) % 1000)
        return Timestamp.iso8601(second).filter { $0 != "-" && $0 != ":" }
    }

    /// Milliseconds since 1970 of `20130524T000000Z`, or of the form of a `Date` header, `Fri, 24 May 2013 00:00:00 GMT`.
    public static func parseDate(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        if bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") {
            func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
            let extended =
                "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
            return Timestamp.parse(extended).flatMap(Timestamp.milliseconds)
        }
        guard text.hasSuffix(" GMT") else { return nil }
        return Timestamp.parse(text).flatMap(Timestamp.milliseconds)
    }
}
