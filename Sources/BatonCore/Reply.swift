public import AWSWire
import Synchronization

/// What an operation adds to its answer besides its output.
public final class Reply: Sendable {
    private struct State {
        var body: HTTPBody?
        var status: Int?
        var headers: [(name: String, value: String)] = []
    }
    private let state = Mutex(State())

    public init() {}

    /// The body of an operation whose output streams.
    public var body: HTTPBody? {
        get { state.withLock { $0.body } }
        set { state.withLock { $0.body = newValue } }
    }

    /// Takes the place of the status that the model names, for example 206.
    public var status: Int? {
        get { state.withLock { $0.status } }
        set { state.withLock { $0.status = newValue } }
    }

    /// What the operation has set goes over what the codec has made of its output.
    public func apply(to response: inout HTTPResponse) {
        state.withLock { state in
            if let body = state.body { response.body = body }
            if let status = state.status { response.status = status }
            for (name, value) in state.headers { response.headers[name] = value }
        }
    }

    public func addHeader(_ name: String, _ value: String) { state.withLock { $0.headers.append((name, value)) } }

    public var headers: [(name: String, value: String)] { state.withLock { $0.headers } }
}
