import JSON

/// What a definition is checked for, beside the language itself.
public enum WorkflowType: String, Sendable { case standard = "STANDARD", express = "EXPRESS" }

extension Definition {
    /// A definition is at most 1 MB long.
    public static let mostBytes = 1_048_576

    /// - Throws: `DefinitionError` when there is at least one error.
    public init(parsing text: String, type: WorkflowType = .standard) throws(DefinitionError) {
        let (definition, diagnostics) = Self.read(text, type)
        guard let definition else { throw DefinitionError(diagnostics: diagnostics) }
        self = definition
    }

    /// Everything there is to say about a text: errors first made it no definition, warnings do not.
    public static func check(_ text: String, type: WorkflowType = .standard) -> [Diagnostic] {
        read(text, type).diagnostics
    }

    private static func read(
        _ text: String, _ type: WorkflowType
    ) -> (definition: Definition?, diagnostics: [Diagnostic]) {
        let findings = Findings()
        let value: JSON
        do {
            value = try JSON.parse(text)
        } catch {
            findings.add(.invalidJSON, "Definition is not valid JSON: \(error)", at: nil)
            return (nil, findings.all)
        }
        guard let fields = Fields(value, at: "", findings) else { return (nil, findings.all) }
        let definition = DefinitionReader(type: type, findings: findings).definition(fields)
        return (findings.hasErrors ? nil : definition, findings.all)
    }
}

struct DefinitionReader {
    let type: WorkflowType
    let findings: Findings

    func definition(_ fields: Fields) -> Definition {
        fields.require("StartAt", "States")
        let language = queryLanguage(fields, within: nil)
        let comment = fields.text("Comment")
        _ = fields.text("Version")
        let timeout = fields.whole("TimeoutSeconds", in: 1...99_999_999)
        let graph = graph(fields, language)
        fields.refuseUnknown()
        return Definition(comment: comment, queryLanguage: language, timeoutSeconds: timeout, graph: graph)
    }

    func queryLanguage(_ fields: Fields, within outer: QueryLanguage?) -> QueryLanguage {
        guard let text = fields.text("QueryLanguage") else { return outer ?? .jsonPath }
        guard let language = QueryLanguage(rawValue: text) else {
            fields.error("Value must be one of: [JSONPath, JSONata]", "QueryLanguage")
            return outer ?? .jsonPath
        }
        if outer == .jsonata, language == .jsonPath {
            fields.error("JSONPath is not supported within a state machine whose QueryLanguage is JSONata", "QueryLanguage")
        }
        return language
    }

    /// `StartAt` and `States` of a machine, a branch or a processor.
    func graph(_ fields: Fields, _ language: QueryLanguage) -> StateGraph {
        let startAt = fields.text("StartAt") ?? ""
        var states: [String: State] = [:]
        if let all = fields.fields("States") {
            if all.object.isEmpty { all.error("Value cannot be empty") }
            for (name, value) in all.object {
                guard let state = Fields(value, at: all.place(name), findings) else { continue }
                if name.unicodeScalars.count > 80 { state.error("State name must be at most 80 characters") }
                states[name] = StateReader(fields: state, name: name, outer: language, definition: self).state()
            }
            Transitions(fields, all).check()
        }
        return StateGraph(startAt: startAt, states: states)
    }
}
