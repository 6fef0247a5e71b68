import AWSClient
import JSON
import LambdaRuntime

/// The one place where calls leave the process.
protocol Performing: Sendable {
    /// Milliseconds since 1970.
    var nowMs: Int64 { get }
    func perform(_ call: Call) async -> CallOutcome
}

struct Performer: Performing {
    private let aws: AWSClient

    init(_ aws: AWSClient) { self.aws = aws }

    var nowMs: Int64 { aws.surroundings.nowMs() }

    func perform(_ call: Call) async -> CallOutcome {
        switch call {
        case .aws(let service, let operation, let input): await perform(service, operation, input)
        case .http(let call): await perform(call)
        }
    }

    private func perform(_ service: String, _ operation: String, _ input: JSON) async -> CallOutcome {
        do {
            let answer = try await aws.answer(service, operation, input)
            return .success(Answer(output: answer.output, requestId: answer.requestId))
        } catch { return .failure(InvocationError(error)) }
    }

    private func perform(_ call: HTTPCall) async -> CallOutcome {
        let (origin, path, query) = Self.parts(of: call.url)
        let headers = HTTPHeaders(call.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        let request = HTTPRequest(
            method: call.method, path: path, query: query, headers: headers, body: .bytes(call.body))
        do {
            let response = try await aws.transport.send(
                request, to: origin, timeoutMs: call.timeoutSeconds * 1000)
            return .success(Answer(requestId: response.headers["X-Request-Id"], status: response.status))
        } catch {
            return .failure(InvocationError(error.isTimeout ? "Timeout" : "ConnectionFailed", error.description))
        }
    }

    /// The fragment of a URL never leaves its client.
    static func parts(of url: String) -> (origin: String, path: String, query: String) {
        let url = Array(url.prefix { $0 != "#" })
        // Behind `https://`: the two slashes of the scheme are the first of all.
        let authority = (url.firstIndex(of: "/") ?? 0) + 2
        let end = url.indices.first { $0 >= authority && (url[$0] == "/" || url[$0] == "?") } ?? url.count
        let target = String(url[end...]).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = target.first.map(String.init) ?? ""
        return (String(url[..<end]), path.isEmpty ? "/" : path, target.count > 1 ? String(target[1]) : "")
    }
}
