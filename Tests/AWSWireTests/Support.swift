import AWSModel
import AWSWire
import JSON
import Testing

/// One service with both of its codecs.
struct Side {
    let model: ServiceModel
    let server: ServerCodec
    let client: ClientCodec

    init(_ service: String) throws {
        model = try #require(ServiceModel.named(service))
        server = ServerCodec(model)
        client = ClientCodec(model)
    }

    func operation(_ name: String) throws -> OperationModel { try #require(model.operations[name]) }
}

extension HTTPBody {
    var text: String { if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { "" } }
}

/// `POST / header: value` in short.
func request(
    _ method: String = "POST", _ uri: String = "/", _ headers: HTTPHeaders = [:], _ body: String = ""
) -> HTTPRequest {
    let parts = uri.split(separator: "?", maxSplits: 1).map(String.init)
    return HTTPRequest(
        method: method, path: parts[0], query: parts.count > 1 ? parts[1] : "", headers: headers,
        body: .bytes(Array(body.utf8)))
}

/// The error that `body` throws.
func errorOf<T>(_ body: () throws -> T) -> AWSError? {
    do {
        _ = try body()
        return nil
    } catch { return error as? AWSError }
}
