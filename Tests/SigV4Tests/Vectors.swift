import AWSWire
import Foundation
import JSON
import Testing

/// One request that botocore signed: before and after. `make-vectors.py` writes them.
struct Vector: CustomTestStringConvertible, Sendable {
    let name: String
    let signer: SigV4.Signer
    let nowMs: Int64
    let isPresigned: Bool
    let request: HTTPRequest
    let signed: HTTPRequest
    var testDescription: String { name }

    static let all: [Vector] = {
        guard let url = Bundle.module.url(forResource: "botocore", withExtension: "json"),
            let data = try? Data(contentsOf: url), let document = try? JSON.parse(data)
        else { return [] }
        return (document["vectors"]?.array ?? []).map(Vector.init)
    }()

    private init(_ json: JSON) {
        func text(_ key: String) -> String { json[key]?.string ?? "" }
        func fields(_ json: JSON?) -> HTTPHeaders {
            HTTPHeaders((json?.object ?? [:]).map { (name: $0.key, value: $0.value.string ?? "") })
        }
        name = text("name")
        nowMs = Int64(json["nowMs"]?.int ?? 0)
        isPresigned = json["isPresigned"]?.bool ?? false
        signer = SigV4.Signer(
            credentials: SigV4.Credentials(
                accessKeyId: text("accessKeyId"), secretAccessKey: text("secretAccessKey"),
                sessionToken: json["sessionToken"]?.string),
            region: text("region"), service: text("service"))
        request = HTTPRequest(
            method: text("method"), path: text("path"), query: text("query"), headers: fields(json["headers"]),
            body: .bytes(Array(text("body").utf8)))
        var signed = request
        signed.query = json["signed"]?["query"]?.string ?? ""
        signed.headers = fields(json["signed"]?["headers"])
        self.signed = signed
    }
}

/// The examples of the S3 API reference: one key, one moment.
enum Example {
    static let credentials = SigV4.Credentials(
        accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    static let s3 = SigV4.Signer(credentials: credentials, region: "us-east-1", service: "s3")
    static let nowMs: Int64 = 1_369_353_600_000
    static let host = "examplebucket.s3.amazonaws.com"

    static func secret(_ accessKeyId: String) -> String? {
        accessKeyId == credentials.accessKeyId ? credentials.secretAccessKey : nil
    }

    static func get(_ path: String, query: String = "", headers: [(name: String, value: String)] = []) -> HTTPRequest {
        HTTPRequest(method: "GET", path: path, query: query, headers: HTTPHeaders([("Host", host)] + headers))
    }
}

extension HTTPRequest {
    var signature: String {
        let text = headers["Authorization"] ?? query
        return String(text.split(separator: "Signature=").last ?? "")
    }
    func setting(_ name: String, _ value: String?) -> HTTPRequest {
        var copy = self
        copy.headers[name] = value
        return copy
    }
}
