import AWSWire
import JSON

/// `SdkHttpMetadata` and `SdkResponseMetadata`: the HTTP answer behind the output of an optimised integration.
struct ResponseMetadata: Sendable {
    enum Form: Sendable {
        case json(version: String)
        case dynamodb
        case sns
        case lambda(version: String)
    }

    let form: Form
    let requestId: String
    let nowMs: Int64

    /// `output` (names as on the wire: its length counts) as the task's result, members in alphabetical order.
    func added(to output: JSON.Object, wire: JSON) -> JSON {
        let headers = headers(wire)
        var members = output.members
        members.append(
            (
                "SdkHttpMetadata",
                [
                    "AllHttpHeaders": .object(JSON.Object(headers.map { ($0.0, .array([.string($0.1)])) })),
                    "HttpHeaders": .object(JSON.Object(headers.map { ($0.0, .string($0.1)) })),
                    "HttpStatusCode": 200,
                ]
            ))
        members.append(("SdkResponseMetadata", ["RequestId": .string(requestId)]))
        return .object(JSON.Object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    private func headers(_ wire: JSON) -> [(String, String)] {
        let date = Timestamp.httpDate(nowMs)
        switch form {
        case .json(let version):
            return [
                ("x-amzn-RequestId", requestId), ("connection", "keep-alive"),
                ("Content-Length", String(wire.serialized().count)), ("Date", date),
                ("Content-Type", "application/x-amz-json-\(version)"),
            ]
        case .sns:
            // An answer of Publish; a sequence number has 20 digits.
            return [
                ("x-amzn-RequestId", requestId), ("connection", "keep-alive"),
                ("Content-Length", wire["SequenceNumber"] == nil ? "294" : "352"), ("Date", date),
                ("Content-Type", "text/xml"),
            ]
        case .dynamodb:
            let body = wire.serialized()
            return [
                ("Server", "Server"), ("Connection", "keep-alive"), ("x-amzn-RequestId", requestId),
                ("x-amz-crc32", String(CRC32.checksum(body))), ("Content-Length", String(body.count)),
                ("Date", date), ("Content-Type", "application/x-amz-json-1.0"),
            ]
        case .lambda(let version):
            let trace = requestId.filter { $0 != "-" }
            return [
                ("X-Amz-Executed-Version", version), ("x-amzn-Remapped-Content-Length", "0"),
                ("Connection", "keep-alive"), ("x-amzn-RequestId", requestId),
                ("Content-Length", String(wire["Payload"]?.bytes?.count ?? 0)), ("Date", date),
                (
                    "X-Amzn-Trace-Id",
                    "Root=1-\(trace.prefix(8))-\(trace.dropFirst(8).prefix(24));Parent=\(trace.suffix(16));Sampled=0"
                ),
                ("Content-Type", "application/json"),
            ]
        }
    }
}
