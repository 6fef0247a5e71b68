import AWSModel
import JSON

/// The methods of texts, lists and maps that templates call, as Java has them.
enum TemplateMethods {
    /// - Parameter value: changed by methods such as `add` and `put`.
    /// - Returns: nil for a method that is not there.
    static func call(
        _ name: String, on value: inout JSON, _ arguments: [JSON], budget: inout Int
    ) throws(TemplateError) -> JSON? {
        switch name {
        case "toString": return .string(TemplateText.of(value))
        case "equals": return .bool(arguments.first.map { $0 == value } ?? false)
        default: break
        }
        switch value {
        case .string(let text): return try onText(name, text, arguments, &budget)
        case .array(var elements):
            defer { value = .array(elements) }
            return onList(name, &elements, arguments)
        case .object(var object):
            defer { value = .object(object) }
            return onMap(name, &object, arguments)
        case .number(let number): return onNumber(name, number, arguments)
        default: return nil
        }
    }

    private static func onNumber(_ name: String, _ number: JSON.Number, _ arguments: [JSON]) -> JSON? {
        let given = arguments.first.map(TemplateText.of) ?? number.text
        switch name {
        // `#set($Integer = 0) $Integer.parseInt($text)` is how templates make numbers of texts.
        case "parseInt", "valueOf", "parseLong": return Int(given).map { .number($0) } ?? JSON.null
        case "parseDouble", "parseFloat": return Double(given).map { .number($0) } ?? JSON.null
        case "intValue", "longValue": return .number(Int(number.double))
        case "doubleValue": return .number(number.double)
        default: return nil
        }
    }

    // MARK: - Lists and maps

    private static func onList(_ name: String, _ elements: inout [JSON], _ arguments: [JSON]) -> JSON? {
        let first = arguments.first ?? .null
        let place = first.int.flatMap { elements.indices.contains($0) ? $0 : nil }
        switch name {
        case "size": return .number(elements.count)
        case "isEmpty": return .bool(elements.isEmpty)
        case "get": return place.map { elements[$0] } ?? JSON.null
        case "contains": return .bool(elements.contains(first))
        case "indexOf": return .number(elements.firstIndex(of: first) ?? -1)
        case "add":
            if arguments.count == 2, let at = first.int, (0...elements.count).contains(at) {
                elements.insert(arguments[1], at: at)
            } else {
                elements.append(first)
            }
            return true
        case "addAll":
            elements += first.array ?? []
            return true
        case "set":
            guard let place, arguments.count == 2 else { return .null }
            defer { elements[place] = arguments[1] }
            return elements[place]
        case "remove": return place.map { elements.remove(at: $0) } ?? JSON.null
        case "clear":
            elements = []
            return .null
        default: return nil
        }
    }

    private static func onMap(_ name: String, _ object: inout JSON.Object, _ arguments: [JSON]) -> JSON? {
        let key = arguments.first.map(TemplateText.of) ?? ""
        switch name {
        case "size": return .number(object.count)
        case "isEmpty": return .bool(object.isEmpty)
        case "get": return object[key] ?? JSON.null
        case "getOrDefault": return object[key] ?? (arguments.count > 1 ? arguments[1] : JSON.null)
        case "containsKey": return .bool(object[key] != nil)
        case "containsValue": return .bool(object.values.contains(arguments.first ?? .null))
        case "keySet": return .array(object.keys.map { .string($0) })
        case "values": return .array(object.values)
        case "entrySet": return .array(object.map { ["key": .string($0.key), "value": $0.value] })
        case "getKey": return object["key"]
        case "getValue": return object["value"]
        case "put":
            let old = object[key]
            object[key] = arguments.count > 1 ? arguments[1] : JSON.null
            return old ?? .null
        case "putAll":
            for (name, value) in arguments.first?.object ?? [:] { object[name] = value }
            return .null
        case "remove": return object.removeValue(forKey: key) ?? .null
        default: return nil
        }
    }

    // MARK: - Texts

    private static func onText(
        _ name: String, _ text: String, _ arguments: [JSON], _ budget: inout Int
    ) throws(TemplateError) -> JSON? {
        let given = arguments.map(TemplateText.of)
        let (first, second) = (given.first ?? "", given.count > 1 ? given[1] : "")
        switch name {
        case "length": return .number(text.utf16.count)
        case "isEmpty": return .bool(text.isEmpty)
        case "toLowerCase": return .string(text.lowercased())
        case "toUpperCase": return .string(text.uppercased())
        case "trim", "strip": return .string(String(trimmed(text)))
        case "concat": return .string(text + first)
        case "contains": return .bool(first.isEmpty || text.contains(first))
        case "startsWith": return .bool(text.hasPrefix(first))
        case "endsWith": return .bool(text.hasSuffix(first))
        case "equalsIgnoreCase": return .bool(text.lowercased() == first.lowercased())
        case "indexOf": return .number(place(text.firstRange(of: first)?.lowerBound, text))
        case "lastIndexOf": return .number(place(text.ranges(of: first).last?.lowerBound, text))
        case "replace": return .string(first.isEmpty ? text : text.replacing(first, with: second))
        case "substring":
            let units = Array(text.utf16)
            let (start, end) = (arguments.first?.int ?? 0, arguments.count > 1 ? arguments[1].int ?? 0 : units.count)
            guard 0 <= start, start <= end, end <= units.count else {
                throw TemplateError(reason: "substring beyond a text")
            }
            return .string(String(decoding: units[start..<end], as: UTF16.self))
        case "charAt":
            let units = Array(text.utf16)
            guard let index = arguments.first?.int, units.indices.contains(index) else { return .null }
            return .string(String(decoding: [units[index]], as: UTF16.self))
        case "matches": return .bool(SelectionPattern.matches(text, first))
        case "replaceAll", "replaceFirst":
            let pieces = try split(text, first, max: name == "replaceFirst" ? 1 : Int.max, &budget)
            return .string(pieces.joined(separator: plain(second)))
        case "split":
            var pieces = try split(text, first, max: Int.max, &budget)
            while pieces.count > 1, pieces.last == "" { pieces.removeLast() }
            return .array(pieces.map { .string($0) })
        default: return nil
        }
    }

    private static func place(_ index: String.Index?, _ text: String) -> Int {
        index.map { text.utf16.distance(from: text.startIndex, to: $0) } ?? -1
    }

    private static func trimmed(_ text: String) -> Substring {
        let head = text.drop { $0.isWhitespace }
        return head.lastIndex { !$0.isWhitespace }.map { head[...$0] } ?? ""
    }

    /// A replacement's backslash makes the next character plain.
    private static func plain(_ replacement: String) -> String {
        var result = ""
        var isEscaped = false
        for character in replacement {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    /// The text between the matches of a regular expression.
    private static func split(
        _ text: String, _ expression: String, max: Int, _ budget: inout Int
    ) throws(TemplateError) -> [String] {
        guard let pattern = Pattern(expression) else {
            throw TemplateError(reason: "a regular expression that is not understood: \(expression)")
        }
        let scalars = text.unicodeScalars.map(\.value)
        var pieces: [String] = []
        var (start, at) = (0, 0)
        func piece(_ end: Int) -> String {
            var result = String.UnicodeScalarView()
            for value in scalars[start..<end] { if let scalar = Unicode.Scalar(value) { result.append(scalar) } }
            return String(result)
        }
        while at < scalars.count, pieces.count < max {
            let end = pattern.end(in: scalars, from: at, budget: &budget)
            guard budget > 0 else { throw TemplateError(reason: "a regular expression takes too long") }
            if let end, end > at {
                pieces.append(piece(at))
                (start, at) = (end, end)
            } else {
                at += 1
            }
        }
        pieces.append(piece(scalars.count))
        return pieces
    }
}
