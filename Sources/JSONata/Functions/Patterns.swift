extension Library {
    static let patterns: [Native] = [
        Native("match", "<s-f<s:o>n?:a<o>>", 3) { call throws(Failure) in
            guard let text = call.string(0) else { return .undefined }
            let limit = try limit(call, 2, "D3040")
            let found = List([], .sequence)
            var next = try limit > 0 ? Matching.first(call[1], text, call) : nil
            while let match = next, found.count < limit {
                let record = Record()
                record[set: "match"] = .string(match.text)
                record[set: "index"] = .number(Double(match.start))
                record[set: "groups"] = .array(List(match.groups))
                found.append(.object(record))
                next = try match.next()
            }
            return .array(found)
        },
        Native("contains", "<s-(sf):b>", 2) { call throws(Failure) in
            guard let text = call.string(0), !call[1].isUndefined else { return .undefined }
            if let mark = call.string(1) { return .bool(Search.first(mark, in: text[...]) != nil) }
            return .bool(try Matching.first(call[1], text, call) != nil)
        },
        Native("replace", "<s-(sf)(sf)n?:s>", 4) { call throws(Failure) in
            guard let text = call.string(0), !call[1].isUndefined else { return .undefined }
            if let mark = call.string(1), mark.isEmpty {
                throw Failure("D3010", value: call[1], ["index": .number(2)])
            }
            let limit = try limit(call, 3, "D3011")
            return .string(try replace(text, limit, call))
        },
        Native("split", "<s-(sf)n?:a<s>>", 3) { call throws(Failure) in
            guard let text = call.string(0), !call[1].isUndefined else { return .undefined }
            return .array(try split(text, try limit(call, 2, "D3020"), call))
        },
    ]

    private static func limit(_ call: Call, _ index: Int, _ code: String) throws(Failure) -> Int {
        guard let number = call.number(index) else { return .max }
        if number < 0 { throw Failure(code, value: call[index], ["index": .number(Double(index + 1))]) }
        return number < 1e15 ? Int(number.rounded(.up)) : .max
    }

    private static func replace(_ text: String, _ limit: Int, _ call: Call) throws(Failure) -> String {
        var result = ""
        var count = 0
        if let mark = call.string(1) {
            guard let replacement = call.string(2) else { throw Failure("D3012", value: call[2]) }
            var rest = text[...]
            while count < limit, let found = Search.first(mark, in: rest) {
                try call.machine.tick()
                result += rest[..<found.lowerBound] + replacement
                rest = rest[found.upperBound...]
                count += 1
                guard result.utf8.count <= Text.longest else { throw Failure.tooLarge() }
            }
            return result + rest
        }
        guard limit > 0 else { return text }
        let subject = Subject(text)
        var position = 0
        var next = try Matching.first(call[1], text, call)
        while let match = next, count < limit {
            result += subject.text(position, min(match.start, subject.units.count))
            result += try substitute(match, call)
            position = min(match.start + match.text.utf16.count, subject.units.count)
            count += 1
            next = try match.next()
            guard result.utf8.count <= Text.longest else { throw Failure.tooLarge() }
        }
        return result + subject.text(position, subject.units.count)
    }

    private static func substitute(_ match: Matching.Found, _ call: Call) throws(Failure) -> String {
        if let template = call.string(2) { return fill(template, match) }
        let value = try call.machine.apply(call[2], [match.record()], .undefined, call.frame)
        guard case .string(let text) = value else { throw Failure("D3012", value: value) }
        return text
    }

    /// `$0` is the match, `$1` the first group, `$$` a dollar sign. As many digits belong to a number as there are
    /// groups for it.
    private static func fill(_ template: String, _ match: Matching.Found) -> String {
        guard template.utf8.contains(UInt8(ascii: "$")) else { return template }
        var result: [Unicode.Scalar] = []
        let scalars = Array(template.unicodeScalars)
        let groups = match.groups.count
        let most = groups == 0 ? 1 : String(groups).count
        var at = 0
        while at < scalars.count {
            guard scalars[at] == "$" else {
                result.append(scalars[at])
                at += 1
                continue
            }
            at += 1
            let next = at < scalars.count ? scalars[at] : nil
            if next == "$" || next == "0" {
                result += next == "$" ? ["$"] : Array(match.text.unicodeScalars)
                at += 1
                continue
            }
            var digits = scalars[at...].prefix(most).prefix { ("0"..."9").contains($0) }
            func number() -> Int? { Int(String(String.UnicodeScalarView(digits))) }
            if most > 1, let value = number(), value > groups, digits.count == most { digits = digits.dropLast() }
            guard let value = number() else {
                result.append("$")
                continue
            }
            if value > 0, value <= groups, let text = match.groups[value - 1].string {
                result += Array(text.unicodeScalars)
            }
            at += String(value).count
        }
        return String(String.UnicodeScalarView(result))
    }

    private static func split(_ text: String, _ limit: Int, _ call: Call) throws(Failure) -> List {
        let parts = List()
        guard limit > 0 else { return parts }
        if let mark = call.string(1) {
            let most = call.number(2).map { $0 < 1e15 ? Int($0) : .max } ?? .max
            if mark.isEmpty {
                for scalar in text.unicodeScalars.prefix(most) { parts.append(.string(String(scalar))) }
                return parts
            }
            var rest = text[...]
            while let found = Search.first(mark, in: rest) {
                try call.machine.tick()
                guard parts.count < most else { return parts }
                parts.append(.string(String(rest[..<found.lowerBound])))
                rest = rest[found.upperBound...]
            }
            if parts.count < most { parts.append(.string(String(rest))) }
            return parts
        }
        let subject = Subject(text)
        var start = 0
        var next = try Matching.first(call[1], text, call)
        while let match = next, parts.count < limit {
            parts.append(.string(subject.text(start, min(match.start, subject.units.count))))
            start = min(match.end, subject.units.count)
            next = try match.next()
        }
        if parts.count < limit { parts.append(.string(subject.text(start, subject.units.count))) }
        return parts
    }
}
