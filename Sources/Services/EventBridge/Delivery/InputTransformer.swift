import AWSWire
import JSON

/// Fills a template with parts of the event: `<name>` for each path of `InputPathsMap`, and the reserved names of
/// ``reserved``.
///
/// Inside of a JSON text a value enters without quotes; elsewhere as JSON. Source: EventBridge user guide, input
/// transformation. Assumed: a missing value is empty inside of a text and elsewhere.
struct InputTransformer {
    private let template: String
    private let paths: [String: EventPath]

    static let reserved: Set<String> = [
        "aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", "aws.events.event",
        "aws.events.event.json",
    ]

    init(_ settings: JSON) {
        template = settings["InputTemplate"]?.string ?? ""
        paths = Dictionary(
            (settings["InputPathsMap"]?.object ?? [:]).compactMap { name, path in
                EventPath(path.string ?? "").map { (name, $0) }
            }
        ) { first, _ in first }
    }

    /// A placeholder that no path and no reserved name stands behind.
    var unknownPlaceholder: String? {
        var unknown: String?
        walk { name, _ in
            if paths[name] == nil, !Self.reserved.contains(name) { unknown = unknown ?? name }
            return ""
        }
        return unknown
    }

    func text(_ event: JSON, _ rule: Rule, ingestedMs: Int64) -> String {
        walk { name, isInside in
            let value: JSON?
            switch name {
            case "aws.events.rule-arn": value = .string(rule.arn.description)
            case "aws.events.rule-name": value = .string(rule.name)
            case "aws.events.event.ingestion-time":
                value = .string(Timestamp.iso8601(ingestedMs, showsMilliseconds: true))
            case "aws.events.event":
                var shortened = event
                shortened["detail"] = nil
                value = shortened
            case "aws.events.event.json": value = event
            default: value = paths[name]?.value(in: event)
            }
            return value.map { Self.written($0, isInside) } ?? ""
        }
    }

    private static func written(_ value: JSON, _ isInsideText: Bool) -> String {
        guard isInsideText else { return value.text() }
        switch value {
        case .string(let text): return String(JSON.string(text).text().dropFirst().dropLast())
        case .object, .array: return value.text().filter { $0 != "\"" }
        default: return value.text()
        }
    }

    /// The template with every placeholder replaced.
    @discardableResult
    private func walk(_ replacement: (_ name: String, _ isInsideText: Bool) -> String) -> String {
        var (result, rest, isInside) = ("", template[...], false)
        while let first = rest.first {
            if first == "\\", rest.count > 1 {
                result += rest.prefix(2)
                rest = rest.dropFirst(2)
                continue
            }
            if first == "<", let end = rest.firstIndex(of: ">") {
                let name = rest[rest.index(after: rest.startIndex)..<end]
                if !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) {
                    result += replacement(String(name), isInside)
                    rest = rest[rest.index(after: end)...]
                    continue
                }
            }
            if first == "\"" { isInside.toggle() }
            result.append(first)
            rest = rest.dropFirst()
        }
        return result
    }
}
