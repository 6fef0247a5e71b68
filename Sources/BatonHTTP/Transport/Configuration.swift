public import AWSWire

extension HTTPServer {
    /// What the listener needs to know. Every limit has a default that suits a server for many local clients.
    public struct Configuration: Sendable {
        /// Address or name to listen on.
        public var host = "127.0.0.1"
        /// 0 takes any free port; `start()` returns the one taken.
        public var port = 0
        /// Connections beyond this number are answered 503 and closed.
        public var maxConnections = 20_000

        /// Bytes of the request line and all header fields together; more is answered 431.
        public var maxHeaderBytes = 64 * 1024
        /// Header fields of one request; more is answered 431.
        public var maxHeaderFields = 200

        /// How long a connection may rest between two requests, in milliseconds.
        public var idleTimeoutMs: Int64 = 3_600_000
        /// How long the head of a request may take from its first byte to its last, in milliseconds.
        public var headTimeoutMs: Int64 = 30_000
        /// How long the body of a request may pause, in milliseconds.
        public var bodyTimeoutMs: Int64 = 30_000
        /// How long a client may read nothing of its response, in milliseconds.
        public var writeTimeoutMs: Int64 = 60_000
        /// How long what a refused client still sends is read and dropped, so that it sees the answer, in milliseconds.
        public var lingerMs: Int64 = 2_000

        /// Folder for bodies that are too large for memory; nil keeps all bodies in memory. Emptied at start.
        public var spoolFolder: String?
        /// Asked with each request's head: how large may the body be?
        public var bodyRule: @Sendable (HTTPRequest) -> BodyRule = { _ in BodyRule() }
        /// Renders the answer to a request that the transport itself refuses.
        public var refusal: @Sendable (Refusal) -> HTTPResponse = { $0.plainResponse }
        /// Epoch milliseconds for the `Date` field; nil sends none.
        public var dateMs: (@Sendable () -> Int64)?
        /// Requests with smaller bodies run on the event loop of their connection, which saves two thread changes;
        /// larger ones run on the shared pool, so that long work on them does not delay other connections.
        public var maxBodyOnLoop = 128 * 1024

        public init() {}

        /// Deadlines are looked at this often.
        var sweepMs: Int64 {
            let shortest = min(idleTimeoutMs, headTimeoutMs, bodyTimeoutMs, writeTimeoutMs, lingerMs)
            return min(max(shortest / 4, 5), 1_000)
        }
    }

    /// How large the body of one request may be, in bytes.
    public struct BodyRule: Sendable, Equatable {
        /// More is answered 413.
        public var limit: Int
        /// Larger bodies go to a file in the spool folder; nil keeps them in memory.
        public var spoolAbove: Int?

        public init(limit: Int = 10 * 1024 * 1024, spoolAbove: Int? = nil) {
            self.limit = limit
            self.spoolAbove = spoolAbove
        }
    }

    /// Why the transport refuses a request without asking the handler. The connection closes after the answer.
    public struct Refusal: Sendable {
        public enum Reason: Sendable, Equatable {
            case malformed, unsupportedVersion, unsupportedExpectation, headersTooLarge, bodyTooLarge(limit: Int)
            case timeout, tooManyConnections, spoolFailed, bodyUnreadable
        }
        public let reason: Reason
        /// The head of the request where it was read completely.
        public let head: HTTPRequest?

        public var status: Int {
            switch reason {
            case .malformed: 400
            case .timeout: 408
            case .bodyTooLarge: 413
            case .unsupportedExpectation: 417
            case .headersTooLarge: 431
            case .bodyUnreadable: 500
            case .tooManyConnections, .spoolFailed: 503
            case .unsupportedVersion: 505
            }
        }

        public var message: String {
            switch reason {
            case .malformed: "The request is not well-formed HTTP/1.1."
            case .timeout: "The request took too long to arrive."
            case .bodyTooLarge(let limit): "The request body exceeds \(limit) bytes."
            case .unsupportedExpectation: "The only expectation supported is 100-continue."
            case .headersTooLarge: "The request line and header fields are too large."
            case .bodyUnreadable: "The file behind the response cannot be read."
            case .tooManyConnections: "Too many connections."
            case .spoolFailed: "The request body cannot be stored."
            case .unsupportedVersion: "This server speaks HTTP/1.1 only."
            }
        }

        var plainResponse: HTTPResponse {
            HTTPResponse(
                status: status, headers: ["Content-Type": "text/plain; charset=utf-8"],
                body: .bytes(Array("\(message)\n".utf8)))
        }
    }
}
