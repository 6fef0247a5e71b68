extension SigV4 {
    /// The canonical request: method, path, query, headers, their names and the payload's hash, a line each.
    static func canonicalRequest(
        _ request: HTTPRequest, query: String, signedHeaders: [String], payloadHash: String, service: String
    ) -> String {
        let headers = signedHeaders.map { "\($0):\(canonicalHeader($0, of: request))\n" }.joined()
        return """
            \(request.method)
            \(canonicalPath(request.path, service: service))
            \(query)
            \(headers)
            \(signedHeaders.joined(separator: ";"))
            \(payloadHash)
            """
    }

    /// S3 encodes each segment once and keeps its dots; all others resolve dots and encode the encoded path again.
    static func canonicalPath(_ path: String, service: String) -> String {
        guard !path.isEmpty else { return "/" }
        if service == "s3" {
            return path.split(separator: "/", omittingEmptySubsequences: false)
                .map { percentEncoded(percentDecoded(String($0))) }.joined(separator: "/")
        }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment != ".." { segments.append(segment) } else if !segments.isEmpty { segments.removeLast() }
        }
        let end = path.utf8.last == UInt8(ascii: "/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.map { percentEncoded(String($0)) }.joined(separator: "/") + end
    }

    /// Parameters sorted by encoded name and value. `X-Amz-Signature` is never part of what it signs.
    /// Assumed: a `+` stands for a space, as in forms.
    static func canonicalQuery(_ query: String, adding more: [(String, String)] = []) -> String {
        var pairs: [(name: String, value: String)] = more.map { (percentEncoded($0.0), percentEncoded($0.1)) }
        for part in query.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = recoded(halves[0])
            guard name != "X-Amz-Signature" else { continue }
            pairs.append((name, halves.count > 1 ? recoded(halves[1]) : ""))
        }
        // By bytes: String's own order is that of Unicode and differs in rare cases.
        pairs.sort { left, right in
            left.name == right.name ? precedes(left.value, right.value) : precedes(left.name, right.name)
        }
        return pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static func recoded(_ text: Substring) -> String {
        percentEncoded(percentDecoded(String(text), plusIsSpace: true))
    }

    /// All values of a header, trimmed, with runs of spaces as one, joined by commas.
    static func canonicalHeader(_ name: String, of request: HTTPRequest) -> String {
        request.headers.fields.filter { $0.name.lowercased() == name }
            .map { $0.value.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }
            .joined(separator: ",")
    }

    // MARK: - Percent encoding (RFC 3986, unreserved characters only)

    static func percentEncoded(_ text: String) -> String {
        guard !text.utf8.allSatisfy(isUnreserved) else { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Escapes that are not two hexadecimal digits stay as they are.
    static func percentDecoded(_ text: String, plusIsSpace: Bool = false) -> String {
        let input = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            let byte = input[index]
            if byte == UInt8(ascii: "%"), index + 2 < input.count, let high = digit(input[index + 1]),
                let low = digit(input[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
