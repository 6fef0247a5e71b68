import AWSWire
import NIOHTTP1

extension AWSWire.HTTPRequest {
    /// nil when the target is neither a path, nor an absolute address, nor `*`.
    init?(_ head: HTTPRequestHead) {
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers { fields.append((name, value)) }
        var headers = AWSWire.HTTPHeaders(fields)

        var target = Substring(head.uri)
        if target.utf8.first != UInt8(ascii: "/") {
            guard let (authority, rest) = Self.splitAbsolute(target) else { return nil }
            if let authority { headers["Host"] = String(authority) }
            target = rest
        }
        var path = target
        var query = Substring()
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = target[..<mark]
            query = target[target.utf8.index(after: mark)...]
        }
        self.init(
            method: head.method.rawValue, path: path.isEmpty ? "/" : String(path), query: String(query),
            headers: headers)
    }

    /// The absolute form that clients send to a proxy names the host in the target; it wins over the Host field.
    private static func splitAbsolute(_ target: Substring) -> (authority: Substring?, rest: Substring)? {
        if target == "*" { return (nil, target) }
        guard let scheme = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) }) else {
            return nil
        }
        let behind = target.dropFirst(scheme.count)
        let end = behind.firstIndex { $0 == "/" || $0 == "?" } ?? behind.endIndex
        return end == behind.startIndex ? nil : (behind[..<end], behind[end...])
    }
}
