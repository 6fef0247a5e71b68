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
                .map { recoded($0) }.joined(separator: "/")
        }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment != ".." { segments.append(segment) } else if !segments.isEmpty { segments.removeLast() }
        }
        let end = path.utf8.last == UInt8(ascii: "/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.map { PercentEncoding.encode(String($0)) }.joined(separator: "/") + end
    }

    /// Parameters sorted by encoded name and value. `X-Amz-Signature` is never part of what it signs.
    /// Assumed: a `+` stands for a space, as in forms.
    static func canonicalQuery(_ query: String, adding more: [(String, String)] = []) -> String {
        var pairs: [(name: String, value: String)] = more.map {
            (PercentEncoding.encode($0.0), PercentEncoding.encode($0.1))
        }
        for part in query.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = recoded(halves[0], plusIsSpace: true)
            guard name != "X-Amz-Signature" else { continue }
            pairs.append((name, halves.count > 1 ? recoded(halves[1], plusIsSpace: true) : ""))
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

    private static func recoded(_ text: Substring, plusIsSpace: Bool = false) -> String {
        PercentEncoding.encode(PercentEncoding.decode(text, plusIsSpace: plusIsSpace) ?? String(text))
    }

    /// All values of a header, trimmed, with runs of spaces as one, joined by commas.
    static func canonicalHeader(_ name: String, of request: HTTPRequest) -> String {
        request.headers.fields.filter { $0.name.lowercased() == name }
            .map { $0.value.split { $0 == " " || $0 == "\t" }.joined(separator: " ") }
            .joined(separator: ",")
    }
}
