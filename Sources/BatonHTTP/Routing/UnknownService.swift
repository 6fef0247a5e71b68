import AWSWire
import JSON

/// The answer to a request for a service that Baton has no model of, in the protocol that the request seems to speak.
enum UnknownService {
    static func response(_ service: String, _ request: HTTPRequest, _ requestId: String) -> HTTPResponse {
        let code = "UnknownService"
        let message = "Baton has no service \(service) yet; route it with --route \(service)=aws"
        let type = request.headers["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("application/x-www-form-urlencoded") || type.contains("xml") {
            let body =
                "<ErrorResponse><Error><Type>Receiver</Type><Code>\(code)</Code><Message>\(escape(message))</Message>"
                + "</Error><RequestId>\(requestId)</RequestId></ErrorResponse>"
            return HTTPResponse(
                status: 501, headers: ["Content-Type": "text/xml", "x-amzn-RequestId": requestId],
                body: .bytes(Array(body.utf8)))
        }
        let body: JSON = ["__type": .string(code), "message": .string(message)]
        return HTTPResponse(
            status: 501,
            headers: [
                "Content-Type": type.hasPrefix("application/x-amz-json") ? type : "application/json",
                "x-amzn-ErrorType": code, "x-amzn-RequestId": requestId,
            ], body: .bytes(body.serialized()))
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{0}"..<"\u{20}": escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
