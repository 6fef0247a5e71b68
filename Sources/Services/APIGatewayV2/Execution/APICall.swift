import AWSWire
import Foundation
import JSON

/// One request to an API: what routes, integrations and mappings ask about it.
struct APICall: Sendable {
    let api: APIRecord
    let stage: String
    let stageVariables: JSON
    let method: String
    /// Decoded and without the stage.
    let path: String
    /// As it came, with the name of a stage that is not `$default`.
    let rawPath: String
    let rawQuery: String
    /// Decoded, in their order.
    let query: [(name: String, value: String)]
    let headers: HTTPHeaders
    let body: [UInt8]
    let requestId: String
    let nowMs: Int64
    var route = ""
    var pathParameters: [(name: String, value: String)] = []

    init(
        api: APIRecord, stage: String, path: String, rawPath: String, _ request: HTTPRequest, body: [UInt8],
        requestId: String, nowMs: Int64
    ) {
        self.api = api
        self.stage = stage
        stageVariables = api.parts[.stage]?[stage]?["StageVariables"] ?? [:]
        method = request.method
        self.path = path.removingPercentEncoding ?? path
        self.rawPath = rawPath
        rawQuery = request.query
        query = Self.form(request.query)
        headers = request.headers
        self.body = body
        self.requestId = requestId
        self.nowMs = nowMs
    }

    static func form(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func plain(_ text: Substring) -> String {
                let spaced = text.replacing("+", with: " ")
                return spaced.removingPercentEncoding ?? String(spaced)
            }
            return (plain(parts[0]), parts.count > 1 ? plain(parts[1]) : "")
        }
    }

    /// Values of the same name joined with commas; names in lower case.
    var joinedHeaders: JSON.Object {
        var result = JSON.Object()
        for (name, value) in headers.fields {
            let name = name.lowercased()
            result[name] = .string(result[name]?.string.map { "\($0),\(value)" } ?? value)
        }
        return result
    }

    var host: String { headers["host"] ?? "" }

    /// Texts travel as they are, everything else as base64. Source: developer guide, Lambda proxy integrations for HTTP
    /// APIs.
    var isText: Bool {
        let type = (headers["content-type"] ?? "application/json").prefix { $0 != ";" }.lowercased()
        let texts = ["application/json", "application/xml", "application/javascript"]
        return (type.hasPrefix("text/") || texts.contains(type) || type.hasSuffix("+json") || type.hasSuffix("+xml"))
            && String(validating: body, as: UTF8.self) != nil
    }

    /// `12/Mar/2020:19:03:58 +0000`
    var timeText: String {
        let parts = AWSWire.Timestamp.httpDate(nowMs).split(separator: " ")
        guard parts.count >= 5 else { return "" }
        return "\(parts[1])/\(parts[2])/\(parts[3]):\(parts[4]) +0000"
    }
}
