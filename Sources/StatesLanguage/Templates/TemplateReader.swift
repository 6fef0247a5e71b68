import JSON
import JSONata

/// Compiles the templates of one state.
struct TemplateReader {
    let language: QueryLanguage
    let findings: Findings
    /// Only a catcher has `$states.errorOutput`.
    var isCatcher = false
    private static let deepest = 100

    // MARK: JSONPath

    /// A payload template: members named `x.$` are computed, everything else stands for itself.
    func payload(_ value: JSON, at place: String) -> Template {
        Template(Self.folded(payload(value, place, 0)))
    }

    private func payload(_ value: JSON, _ place: String, _ depth: Int) -> Template.Node {
        guard depth < Self.deepest else {
            findings.schema("Value is nested too deeply", at: place)
            return .constant(.null)
        }
        switch value {
        case .array(let elements): return .array(elements.map { payload($0, place, depth + 1) })
        case .object(let object):
            return .object(
                object.map { name, value in
                    guard name.hasSuffix(".$") else {
                        warn(name, value, place)
                        return (name, payload(value, place, depth + 1))
                    }
                    return (String(name.dropLast(2)), computed(value, name, place))
                })
        default: return .constant(value)
        }
    }

    private func warn(_ name: String, _ value: JSON, _ place: String) {
        guard let text = value.string, text.hasPrefix("$.") || text.hasPrefix("$$.") || text.hasPrefix("States.")
        else { return }
        findings.add(
            .noDollar, "The value of '\(name)' looks like a path or an intrinsic function, but the name lacks '.$'",
            at: "\(place)/\(name)")
    }

    private func computed(_ value: JSON, _ name: String, _ place: String) -> Template.Node {
        if let text = value.string, let node = Self.pathOrCall(text, field: name) { return node }
        findings.schema(
            "The value for the field '\(name)' must be a valid JSONPath or a valid intrinsic function call", at: place)
        return .constant(.null)
    }

    static func pathOrCall(_ text: String, field: String) -> Template.Node? {
        if text.utf8.first == UInt8(ascii: "$") {
            return (try? Path(text)).map { .path($0, field: field) }
        }
        return (try? IntrinsicParser.parse(text)).map { .call($0) }
    }

    // MARK: JSONata

    /// A JSON value in which every text `{% … %}` is an expression.
    /// - Parameter expected: what the value itself must become.
    func queries(_ value: JSON, field: String, at place: String, expected: Query.Kind? = nil) -> Template {
        Template(Self.folded(queries(value, field, place, expected, 0)))
    }

    private func queries(
        _ value: JSON, _ field: String, _ place: String, _ expected: Query.Kind?, _ depth: Int
    ) -> Template.Node {
        guard depth < Self.deepest else {
            findings.schema("Value is nested too deeply", at: place)
            return .constant(.null)
        }
        switch value {
        case .string(let text): return query(text, field, place, expected).map { .query($0) } ?? .constant(value)
        case .array(let elements):
            return .array(
                elements.enumerated().map { index, element in
                    queries(element, "\(field)[\(index)]", "\(place)[\(index)]", nil, depth + 1)
                })
        case .object(let object):
            return .object(
                object.map { name, value in
                    (name, queries(value, "\(field)/\(name)", "\(place)/\(name)", nil, depth + 1))
                })
        default: return .constant(value)
        }
    }

    /// nil for a text that is no expression.
    func query(_ text: String, _ field: String, _ place: String, _ expected: Query.Kind? = nil) -> Query? {
        guard let source = Query.body(of: text) else {
            if text.hasPrefix("{%") { findings.schema("JSONata string must start with {% and end with %}", at: place) }
            return nil
        }
        if !isCatcher, source.contains("$states.errorOutput") {
            findings.add(.unsupportedQuery, "Reference to '$states.errorOutput' is not supported.", at: place)
        }
        do {
            let expression = try Expression(source, dialect: .stepFunctions)
            return Query(expression: expression, source: source, field: field, expected: expected)
        } catch {
            report(error, at: place)
            return nil
        }
    }

    /// `S0500` is the dialect's own code: a reference to an input that is not there.
    private func report(_ error: JSONataError, at place: String) {
        guard error.code == "S0500" else { return findings.add(.invalidQuery, error.message, at: place) }
        let name = error.token ?? "$"
        let manner = name == "$$" ? "is not supported." : "at the top level is not supported."
        findings.add(.unsupportedQuery, "Reference to '\(name)' \(manner)", at: place)
    }

    // MARK: Folding

    /// What needs no computing becomes one constant.
    private static func folded(_ node: Template.Node) -> Template.Node {
        switch node {
        case .array(let elements):
            let nodes = elements.map(folded)
            let values = nodes.compactMap { if case .constant(let value) = $0 { value } else { nil } }
            return values.count == nodes.count ? .constant(.array(values)) : .array(nodes)
        case .object(let members):
            let nodes = members.map { ($0.name, folded($0.value)) }
            var object = JSON.Object()
            for (name, node) in nodes {
                guard case .constant(let value) = node else { return .object(nodes) }
                object[name] = value
            }
            return .constant(.object(object))
        default: return node
        }
    }
}
