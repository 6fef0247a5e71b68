import JSON

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
        get { fields.firstIndex { Self.isSame($0.name, name) }.map { fields[$0].value } }
        set {
            fields.removeAll { Self.isSame($0.name, name) }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    public mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

    /// Asked many times for each request: most names differ in length already.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && ASCII.equalCaseless(left, right)
    }
}
