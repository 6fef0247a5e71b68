/// Matches as functions of the language see them: regular expressions, and functions of the user that behave like one.
enum Matching {
    /// One match and the way to the next.
    struct Found {
        let text: String
        let start: Int
        let end: Int
        let groups: [Value]
        let next: () throws(Failure) -> Found?
        let record: () -> Value
    }

    /// The first match of a matcher in a text.
    static func first(_ matcher: Value, _ text: String, _ call: Call) throws(Failure) -> Found? {
        if let function = matcher.function, case .regex(let regex, let position) = function.kind {
            return try find(regex, Subject(text), from: 0, position, call.machine)
        }
        return try read(try call.machine.apply(matcher, [.string(text)], .undefined, call.frame), call)
    }

    private static func find(
        _ regex: Regex, _ subject: Subject, from: Int, _ position: Int, _ machine: Machine
    ) throws(Failure) -> Found? {
        guard let match = try RegexMatcher.first(regex, subject, from: from, machine) else { return nil }
        let groups = match.bounds.dropFirst().map { bounds in
            bounds.map { Value.string(subject.text($0.start, $0.end)) } ?? .undefined
        }
        let text = subject.text(match.start, match.end)
        return Found(
            text: text, start: match.start, end: match.end, groups: groups,
            next: { () throws(Failure) in
                guard match.end < subject.units.count else { return nil }
                let next = try find(regex, subject, from: match.end, position, machine)
                if let next, next.text.isEmpty {
                    throw Failure("D1004", position: position, value: .string(regex.source))
                }
                return next
            },
            record: {
                let record = Record()
                record[set: "match"] = .string(text)
                record[set: "start"] = .number(Double(match.start))
                record[set: "end"] = .number(Double(match.end))
                record[set: "groups"] = .array(List(groups))
                record[set: "next"] = .function(
                    Function(.nextMatch(regex, subject, from: match.end, position: position)))
                return .object(record)
            })
    }

    /// Reads what a user's function answered.
    private static func read(_ answer: Value, _ call: Call) throws(Failure) -> Found? {
        if answer.isUndefined { return nil }
        guard case .object(let record) = answer else {
            guard answer.isTruthyInJavaScript else { return nil }
            throw Failure("T1010", value: answer)
        }
        let start = record["start"].number
        let end = record["end"].number
        let next = record["next"]
        guard start != nil || end != nil || record["groups"].isArray || next.function != nil else {
            throw Failure("T1010", value: answer)
        }
        return Found(
            text: record["match"].string ?? "", start: Self.index(start), end: Self.index(end),
            groups: record["groups"].list?.items ?? [],
            next: { () throws(Failure) in
                guard next.function != nil else { return nil }
                return try read(try call.machine.apply(next, [], .undefined, call.frame), call)
            },
            record: { answer })
    }

    private static func index(_ number: Double?) -> Int {
        guard let number, number >= 0, number < 1e15 else { return 0 }
        return Int(number)
    }

    /// What a regular expression answers when it is called as the function that it is.
    static func record(
        _ regex: Regex, _ subject: Subject, from: Int, _ position: Int, _ machine: Machine
    ) throws(Failure) -> Value {
        try find(regex, subject, from: from, position, machine)?.record() ?? .undefined
    }

    static func next(
        _ regex: Regex, _ subject: Subject, from: Int, _ position: Int, _ machine: Machine
    ) throws(Failure) -> Value {
        guard from < subject.units.count else { return .undefined }
        let found = try find(regex, subject, from: from, position, machine)
        if let found, found.text.isEmpty { throw Failure("D1004", position: position, value: .string(regex.source)) }
        return found?.record() ?? .undefined
    }
}
