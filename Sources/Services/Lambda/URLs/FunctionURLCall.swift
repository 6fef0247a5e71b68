import AWSWire
import BatonCore
import Foundation
import JSON

/// One request to a function's URL: the event that the function gets, payload format 2.0, and what its answer means.
struct FunctionURLCall {
    let request: HTTPRequest
    let id: String
    let path: String

    init(_ request: HTTPRequest, id: String, path: String) {
        (self.request, self.id, self.path) = (request, id, path)
    }

    func event(_ body: [UInt8], _ context: Context) -> JSON {
        var headers = JSON.Object()
        var cookies: [JSON] = []
        for (name, value) in request.headers.fields {
            let name = name.lowercased()
            if name == "cookie" {
                cookies += value.split(separator: ";").map { .string($0.trimmingCharacters(in: .whitespaces)) }
            } else {
                headers[name] = .string(headers[name]?.string.map { "\($0),\(value)" } ?? value)
            }
        }
        var event: JSON = [
            "version": "2.0", "routeKey": "$default", "rawPath": .string(path),
            "rawQueryString": .string(request.query), "headers": .object(headers),
        ]
        if !cookies.isEmpty { event["cookies"] = .array(cookies) }
        let parameters = Self.parameters(request.query)
        if !parameters.isEmpty { event["queryStringParameters"] = .object(parameters) }
        event["requestContext"] = requestContext(context)
        let text = String(validating: body, as: UTF8.self)
        let isText = text != nil && Self.isText(request.headers["content-type"])
        if !body.isEmpty { event["body"] = .string(isText ? text ?? "" : Base64.encode(body)) }
        event["isBase64Encoded"] = .bool(!body.isEmpty && !isText)
        return event
    }

    private func requestContext(_ context: Context) -> JSON {
        [
            "accountId": "anonymous", "apiId": .string(id), "domainName": .string(request.headers["host"] ?? ""),
            "domainPrefix": .string(id),
            "http": [
                "method": .string(request.method), "path": .string(path), "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1", "userAgent": .string(request.headers["user-agent"] ?? ""),
            ],
            "requestId": .string(context.requestId), "routeKey": "$default", "stage": "$default",
            "time": .string(Self.time(context.nowMs)),
            "timeEpoch": .number(JSON.Number(context.nowMs)),
        ]
    }

    /// `14/Nov/2023:22:13:20 +0000`
    private static func time(_ ms: Int64) -> String {
        let parts = Timestamp.httpDate(ms).split(separator: " ")
        return parts.count == 6 ? "\(parts[1])/\(parts[2])/\(parts[3]):\(parts[4]) +0000" : ""
    }

    private static func isText(_ type: String?) -> Bool {
        guard let type = type?.lowercased() else { return true }
        return [
            "text/", "application/json", "application/xml", "application/javascript", "+json", "+xml",
            "x-www-form-urlencoded",
        ].contains { type.contains($0) }
    }

    /// Values of one name are joined with commas.
    private static func parameters(_ query: String) -> JSON.Object {
        var result = JSON.Object()
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
            }
            let value = decoded.count > 1 ? decoded[1] : ""
            result[decoded[0]] = .string(result[decoded[0]]?.string.map { "\($0),\(value)" } ?? value)
        }
        return result
    }

    /// An answer with `statusCode` says all of the response, any other one is its body.
    static func response(_ payload: [UInt8]) -> HTTPResponse {
        let answer = try? JSON.parse(payload)
        guard let answer, let object = answer.object, let status = object["statusCode"]?.int else {
            let body = answer?.string.map { Array($0.utf8) } ?? payload
            return HTTPResponse(headers: ["content-type": "application/json"], body: .bytes(body))
        }
        var response = HTTPResponse(status: status)
        for (name, value) in object["headers"]?.object ?? [:] {
            response.headers[name.lowercased()] = value.string ?? value.text()
        }
        if response.headers["content-type"] == nil { response.headers["content-type"] = "application/json" }
        for cookie in object["cookies"]?.array ?? [] { response.headers.add("set-cookie", cookie.string ?? "") }
        let body = object["body"].map { $0.string ?? $0.text() } ?? ""
        let isEncoded = object["isBase64Encoded"]?.bool == true
        response.body = .bytes(isEncoded ? Base64.decode(body) ?? [] : Array(body.utf8))
        return response
    }
}
