import AWSWire
import BatonCore
import JSON
import StatesLanguage

/// `http:invoke`: a call of any HTTP API, authorised by a connection of EventBridge.
/// Errors: `States.Http.StatusCode.<code>`, `States.Http.Socket` (no answer within 60 s).
struct HTTPTask {
    let call: TaskCall
    let context: Context

    static let names = ParameterNames(
        required: ["ApiEndpoint", "Method"],
        optional: ["Authentication", "InvocationConfig", "Headers", "QueryParameters", "RequestBody", "Transform"])

    static func problems(_ parameters: JSON) -> [String] {
        var problems = names.problems(parameters)
        if connection(parameters) == nil {
            problems.append("The field 'Authentication' is required but was missing")
        }
        for name in ["Headers", "QueryParameters"] where parameters[name].map({ $0.object == nil }) == true {
            problems.append("The value of the field '\(name)' has an invalid format")
        }
        return problems
    }

    /// Of the older form too.
    private static func connection(_ parameters: JSON) -> String? {
        (parameters.at(["Authentication", "ConnectionArn"]) ?? parameters.at(["InvocationConfig", "ConnectionArn"]))?
            .string
    }

    func run() async -> TaskAnswer {
        let parameters = call.parameters
        let connection = Self.connection(parameters) ?? ""
        let additions: ConnectionParameters
        do throws(AWSError) {
            additions = try await context.connection(connection)
        } catch {
            // Assumed: the part before the dot.
            return .failed(StatesError("Events.\(JavaName.exception(error.code))", error.message))
        }
        return await send(parameters, additions)
    }

    private func send(_ parameters: JSON, _ additions: ConnectionParameters) async -> TaskAnswer {
        var web = WebCall(
            method: parameters["Method"]?.string ?? "GET", url: parameters["ApiEndpoint"]?.string ?? "",
            query: WebCall.pairs(parameters["QueryParameters"]) + additions.query)
        for pair in WebCall.pairs(parameters["Headers"]) { web.headers.add(pair.name, pair.value) }
        web.headers["User-Agent"] = "Amazon|StepFunctions|HttpInvoke|\(context.region)"
        web.headers["Range"] = "bytes=0-262144"
        // The connection has the last word.
        for pair in additions.headers { web.headers[pair.name] = pair.value }
        body(parameters, additions, &web)
        do throws(WebCall.Unanswered) {
            let answer = try await web.send(context)
            guard answer.isGood else {
                return .failed(
                    StatesError(
                        "States.Http.StatusCode.\(answer.status)",
                        answer.text.isEmpty ? answer.statusText : answer.text))
            }
            return .succeeded(answer.output)
        } catch {
            return .failed(StatesError("States.Http.Socket", error.reason))
        }
    }

    private func body(_ parameters: JSON, _ additions: ConnectionParameters, _ web: inout WebCall) {
        var body = parameters["RequestBody"]
        if !additions.body.isEmpty {
            body = body ?? [:]
            for pair in additions.body { body?[pair.name] = .string(pair.value) }
        }
        guard let body else { return }
        let encoding = parameters.at(["Transform", "RequestBodyEncoding"])?.string
        let type = web.headers["Content-Type"]
        if encoding == "URL_ENCODED" || type?.hasPrefix("application/x-www-form-urlencoded") == true {
            let format = parameters.at(["Transform", "RequestEncodingOptions", "ArrayFormat"])?.string
            web.body = Array(FormEncoding(arrays: format.flatMap(FormEncoding.Arrays.init) ?? .indices).text(body).utf8)
            web.headers["Content-Type"] = type ?? "application/x-www-form-urlencoded"
        } else {
            if case .string(let text) = body, type != nil, type?.contains("json") == false {
                web.body = Array(text.utf8)
            } else {
                web.body = body.serialized()
            }
            web.headers["Content-Type"] = type ?? "application/json"
        }
    }
}

/// A JSON object as a form. Source: developer guide, "URL-encoding request bodies".
struct FormEncoding {
    enum Arrays: String {
        case indices = "INDICES", `repeat` = "REPEAT", commas = "COMMAS", brackets = "BRACKETS"
    }
    let arrays: Arrays

    func text(_ value: JSON) -> String {
        guard let object = value.object else { return PercentEncoding.encode(value.string ?? value.text()) }
        return object.flatMap { pairs($0.key, $0.value) }
            .map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    private func pairs(_ name: String, _ value: JSON) -> [(name: String, value: String)] {
        switch value {
        case .object(let object): return object.flatMap { pairs("\(name)[\($0.key)]", $0.value) }
        case .array(let elements):
            switch arrays {
            case .indices: return elements.enumerated().flatMap { pairs("\(name)[\($0.offset)]", $0.element) }
            case .repeat: return elements.flatMap { pairs(name, $0) }
            case .brackets: return elements.flatMap { pairs("\(name)[]", $0) }
            case .commas: return [(name, elements.map { $0.string ?? $0.text() }.joined(separator: ","))]
            }
        case .string(let text): return [(name, text)]
        default: return [(name, value.text())]
        }
    }
}
