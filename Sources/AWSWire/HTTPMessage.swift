/// One HTTP request, independent of the server or client library that carries it.
public struct HTTPRequest: Sendable {
    public var method: String
    /// Path as it stood in the request line, still percent-encoded, without the query.
    public var path: String
    /// Query as it stood in the request line, without `?`; empty when absent.
    public var query: String
    public var headers: HTTPHeaders
    public var body: HTTPBody

    public init(
        method: String, path: String, query: String = "", headers: HTTPHeaders = HTTPHeaders(),
        body: HTTPBody = .bytes([])
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: HTTPBody

    public init(status: Int = 200, headers: HTTPHeaders = HTTPHeaders(), body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A body in memory, or, when it is large, a part of a file on disk. Whoever receives a file of a *request* may move
/// it away; what is left is removed after the response.
public enum HTTPBody: Sendable, Equatable {
    case bytes([UInt8])
    case file(path: String, offset: Int, length: Int)

    public var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(_, _, let length): length
        }
    }
}

/// Header fields in their order. Names match without regard to case.
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [(name: String, value: String)]

    public init() { fields = [] }
    public init(_ fields: [(name: String, value: String)]) { self.fields = fields }
    public init(dictionaryLiteral elements: (String, String)...) { fields = elements.map { (name: $0.0, value: $0.1) } }

    /// The first value of the field; setting replaces all, nil removes all.
    public subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            fields.removeAll { Self.isSame($0.name, name) }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    public mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

    /// Called many times for each request: most names differ in length already.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let fast = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in
                left.indices.allSatisfy { isSameByte(left[$0], right[$0]) }
            }
        }
        return fast.flatMap { $0 } ?? zip(left.utf8, right.utf8).allSatisfy { isSameByte($0, $1) }
    }

    private static func isSameByte(_ left: UInt8, _ right: UInt8) -> Bool {
        left == right || (left | 0x20 == right | 0x20 && left | 0x20 >= 0x61 && left | 0x20 <= 0x7A)
    }
}
