import AWSWire
import JSON
import StatesLanguage

/// What a template sees of a request or an answer: `$input`, `$context`, `$stageVariables`.
struct TemplateInput: Sendable {
    let body: [UInt8]
    /// `{path: {}, querystring: {}, header: {}}`
    var parameters: JSON = ["path": [:], "querystring": [:], "header": [:]]
    var context: JSON = [:]
    var stageVariables: JSON = [:]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON: an empty one is `{}`, what is no JSON is a text.
    var document: JSON { body.isEmpty ? [:] : (try? JSON.parse(body)) ?? .string(text) }

    /// By path, query and header, in this order. Source: developer guide, `$input` variables.
    func parameter(_ name: String) -> JSON? {
        parameters["path"]?[name] ?? parameters["querystring"]?[name]
            ?? parameters["header"]?.object?.caseless(name)?.value
    }

    private func find(_ path: String, in document: JSON) throws(TemplateError) -> JSON? {
        do throws(PathSyntaxError) {
            let text = path.hasPrefix("$") ? path : path.isEmpty ? "$" : "$.\(path)"
            return try Path(text).find(in: document)
        } catch {
            throw TemplateError(reason: "Invalid JSON path: \(path)")
        }
    }

    /// Methods of `$input`. Assumed: `json` of what is not there is an empty text in quotes.
    /// - Parameter document: of this input.
    func call(_ method: String, _ arguments: [JSON], _ document: JSON) throws(TemplateError) -> JSON? {
        let name = arguments.first.map(TemplateText.of) ?? ""
        switch method {
        case "json": return .string(try find(name, in: document)?.text() ?? #""""#)
        case "path": return try find(name, in: document) ?? .null
        case "params":
            guard !arguments.isEmpty else { return parameters }
            return parameter(name) ?? parameters[name] ?? ""
        default: return nil
        }
    }
}

/// Methods of `$util`. Source: developer guide, `$util` variables.
enum TemplateUtilities {
    static func call(_ method: String, _ arguments: [JSON]) throws(TemplateError) -> JSON? {
        let text = arguments.first.map(TemplateText.of) ?? ""
        switch method {
        case "escapeJavaScript": return .string(escaped(text))
        case "urlEncode":
            // As Java does it: blanks become a plus, `*` stays.
            return .string(
                PercentEncoding.encode(text).replacing("%20", with: "+").replacing("%2A", with: "*")
                    .replacing("~", with: "%7E"))
        case "urlDecode": return .string(PercentEncoding.decode(text, plusIsSpace: true) ?? text)
        case "base64Encode": return .string(Base64.encode(Array(text.utf8)))
        case "base64Decode":
            guard let bytes = Base64.decode(text) else { throw TemplateError(reason: "base64Decode of no base64") }
            return .string(String(decoding: bytes, as: UTF8.self))
        case "parseJson":
            guard let value = try? JSON.parse(text) else { throw TemplateError(reason: "parseJson of no JSON") }
            return value
        default: return nil
        }
    }

    /// Quotes of both kinds, backslashes, slashes, control characters and all beyond ASCII.
    static func escaped(_ text: String) -> String {
        var result = ""
        func unicode(_ unit: UInt16) {
            let digits = String(unit, radix: 16, uppercase: true)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "'", "\\", "/": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{c}": result += "\\f"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: for unit in String(scalar).utf16 { unicode(unit) }
            }
        }
        return result
    }
}

/// How values show in texts.
enum TemplateText {
    /// Objects as Java's maps, lists as JSON.
    static func of(_ value: JSON) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        case .object(let object): "{" + object.map { "\($0.key)=\(inner($0.value))" }.joined(separator: ", ") + "}"
        default: value.text()
        }
    }

    private static func inner(_ value: JSON) -> String { value.isNull ? "null" : of(value) }
}
