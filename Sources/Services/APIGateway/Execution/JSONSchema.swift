import AWSModel
import JSON

/// A body against a model: JSON schema, draft 4, bounded in its steps.
///
/// Keywords: `type`, `enum`, `required`, `properties`, `patternProperties`, `additionalProperties`, `minProperties`,
/// `maxProperties`, `dependencies` (lists of names), `items`, `additionalItems`, `minItems`, `maxItems`, `uniqueItems`,
/// `minimum`, `maximum` with `exclusive…`, `multipleOf`, `minLength`, `maxLength`, `pattern`, `allOf`, `anyOf`, `oneOf`,
/// `not`, `$ref` to definitions and to other models. `format` is not checked, nor is a `pattern` beyond the matcher's subset.
struct JSONSchema {
    let root: JSON
    let models: [String: JSON]
    private var steps = 100_000

    init(root: JSON, models: [String: JSON] = [:]) { (self.root, self.models) = (root, models) }

    private static let keywords: Set<String> = [
        "type", "enum", "required", "properties", "patternProperties", "additionalProperties", "minProperties",
        "maxProperties", "dependencies", "items", "additionalItems", "minItems", "maxItems", "uniqueItems", "minimum",
        "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "allOf",
        "anyOf", "oneOf", "not", "$ref", "$schema", "id", "title", "description", "default", "definitions", "format",
        "example", "discriminator", "xml", "externalDocs", "readOnly", "nullable",
    ]

    /// A keyword at the top that nobody knows; those of OpenAPI's extensions are free.
    static func unknown(in schema: JSON) -> String? {
        schema.object?.keys.first { !keywords.contains($0) && !$0.hasPrefix("x-") }
    }

    /// The first thing that is wrong; nil when nothing is.
    mutating func problem(_ value: JSON, _ schema: JSON, _ depth: Int = 0) -> String? {
        steps -= 1
        guard steps > 0, depth < 100 else { return "the body takes too long to check" }
        if schema.bool == false { return "nothing is allowed here" }
        guard let object = schema.object else { return nil }
        if let reference = object["$ref"]?.string {
            return resolve(reference).flatMap { problem(value, $0, depth + 1) }
        }
        if let problem = kind(value, schema) ?? plain(value, schema) { return problem }
        if let members = value.object, let problem = properties(members, schema, depth) { return problem }
        if let elements = value.array, let problem = list(elements, schema, depth) { return problem }
        return combined(value, schema, depth)
    }

    /// `#/definitions/name`, `#/components/schemas/name`, or a model by its URL.
    private func resolve(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#") else {
            return reference.split(separator: "/").last.flatMap { models[String($0)] }
        }
        let path = reference.dropFirst().split(separator: "/").map {
            $0.replacing("~1", with: "/").replacing("~0", with: "~")
        }
        let found = path.reduce(JSON?.some(root)) { $0?[String($1)] }
        return found ?? path.last.flatMap { models[String($0)] }
    }

    private func kind(_ value: JSON, _ schema: JSON) -> String? {
        let wanted = (schema["type"]?.array ?? schema["type"].map { [$0] } ?? []).compactMap(\.string)
        if wanted.isEmpty || value.isNull && schema["nullable"]?.bool == true { return nil }
        let kinds: Set<String> =
            switch value {
            case .null: ["null"]
            case .bool: ["boolean"]
            case .number(let number): number.int == nil ? ["number"] : ["number", "integer"]
            case .string, .bytes: ["string"]
            case .array: ["array"]
            case .object, .written: ["object"]
            }
        guard kinds.isDisjoint(with: wanted) else { return nil }
        return "instance type (\(kinds.min() ?? "")) does not match any allowed primitive type (allowed: "
            + "[\(wanted.map { "\"\($0)\"" }.joined(separator: ","))])"
    }

    private func plain(_ value: JSON, _ schema: JSON) -> String? {
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            return "instance value (\(value.text())) not found in enum"
        }
        if let number = value.double {
            if let low = schema["minimum"]?.double {
                let isExclusive = schema["exclusiveMinimum"]?.bool == true
                if number < low || isExclusive && number == low {
                    return "numeric instance is lower than the required minimum"
                }
            }
            if let high = schema["maximum"]?.double {
                let isExclusive = schema["exclusiveMaximum"]?.bool == true
                if number > high || isExclusive && number == high {
                    return "numeric instance is greater than the required maximum"
                }
            }
            if let divisor = schema["multipleOf"]?.double, divisor > 0,
                (number / divisor).rounded() * divisor != number
            {
                return "remainder of division is not zero"
            }
        }
        if let text = value.string {
            let length = text.unicodeScalars.count
            if let low = schema["minLength"]?.int, length < low { return "string is too short" }
            if let high = schema["maxLength"]?.int, length > high { return "string is too long" }
            if let pattern = schema["pattern"]?.string, let compiled = Pattern(Self.anywhere(pattern)),
                !compiled.matches(text)
            {
                return "ECMA 262 regex \"\(pattern)\" does not match input string \"\(text)\""
            }
        }
        return nil
    }

    /// A pattern of a schema may match anywhere.
    private static func anywhere(_ pattern: String) -> String { "(?:.|\\n)*(?:\(pattern))(?:.|\\n)*" }

    private mutating func properties(_ members: JSON.Object, _ schema: JSON, _ depth: Int) -> String? {
        let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }
        if !missing.isEmpty {
            return "object has missing required properties ([\(missing.map { "\"\($0)\"" }.joined(separator: ","))])"
        }
        if let low = schema["minProperties"]?.int, members.count < low { return "object has too few properties" }
        if let high = schema["maxProperties"]?.int, members.count > high { return "object has too many properties" }
        for (name, others) in schema["dependencies"]?.object ?? [:] where members[name] != nil {
            let absent = (others.array ?? []).compactMap(\.string).contains { members[$0] == nil }
            if absent { return "property \"\(name)\" of object has missing property dependencies" }
        }
        let patterns = (schema["patternProperties"]?.object ?? [:]).map { (Pattern(Self.anywhere($0.key)), $0.value) }
        for (name, value) in members {
            var isKnown = false
            if let inner = schema["properties"]?[name] {
                isKnown = true
                if let problem = problem(value, inner, depth + 1) { return problem }
            }
            for (pattern, inner) in patterns where pattern?.matches(name) == true {
                isKnown = true
                if let problem = problem(value, inner, depth + 1) { return problem }
            }
            if isKnown { continue }
            if schema["additionalProperties"]?.bool == false {
                return "object instance has properties which are not allowed by the schema: [\"\(name)\"]"
            }
            if let inner = schema["additionalProperties"], let problem = problem(value, inner, depth + 1) {
                return problem
            }
        }
        return nil
    }

    private mutating func list(_ elements: [JSON], _ schema: JSON, _ depth: Int) -> String? {
        if let low = schema["minItems"]?.int, elements.count < low { return "array is too short" }
        if let high = schema["maxItems"]?.int, elements.count > high { return "array is too long" }
        if schema["uniqueItems"]?.bool == true, Set(elements).count < elements.count {
            return "array must not contain duplicate elements"
        }
        for (index, element) in elements.enumerated() {
            let each = schema["items"]
            let inner = each?.array.map { $0.indices.contains(index) ? $0[index] : schema["additionalItems"] } ?? each
            if let inner, let problem = problem(element, inner, depth + 1) { return problem }
        }
        return nil
    }

    private mutating func combined(_ value: JSON, _ schema: JSON, _ depth: Int) -> String? {
        for inner in schema["allOf"]?.array ?? [] {
            if let problem = problem(value, inner, depth + 1) { return problem }
        }
        func count(_ name: String, _ check: (JSON) -> Bool) -> Int? {
            schema[name]?.array.map { $0.filter(check).count }
        }
        var copy = self
        let any = count("anyOf") { copy.problem(value, $0, depth + 1) == nil }
        let one = count("oneOf") { copy.problem(value, $0, depth + 1) == nil }
        steps = copy.steps
        if any == 0 { return "instance failed to match at least one required schema" }
        if let one, one != 1 { return "instance failed to match exactly one schema" }
        if let inner = schema["not"], problem(value, inner, depth + 1) == nil {
            return "instance matched a schema which it should not have"
        }
        return nil
    }
}
