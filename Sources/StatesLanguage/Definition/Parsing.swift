import JSON

/// What a definition is checked for, beside the language itself.
public enum WorkflowType: String, Sendable { case standard = "STANDARD", express = "EXPRESS" }

extension Definition {
    /// A definition is at most 1 MB long.
    public static let mostBytes = 1_048_576

    /// - Throws: `DefinitionError` when there is at least one error.
    /// - Parameter tasks: who knows the APIs behind the tasks; nil when nobody is to be asked.
    public init(
        parsing text: String, type: WorkflowType = .standard, tasks: (any TaskChecking)? = nil
    ) throws(DefinitionError) {
        let (definition, diagnostics) = Self.read(text, type, tasks)
        guard let definition else { throw DefinitionError(diagnostics: diagnostics) }
        self = definition
    }

    /// Everything there is to say about a text, in the order of the text: errors, which make it no definition, and
    /// warnings, which do not.
    public static func check(
        _ text: String, type: WorkflowType = .standard, tasks: (any TaskChecking)? = nil
    ) -> [Diagnostic] {
        read(text, type, tasks).diagnostics
    }

    private static func read(
        _ text: String, _ type: WorkflowType, _ tasks: (any TaskChecking)?
    ) -> (definition: Definition?, diagnostics: [Diagnostic]) {
        let findings = Findings()
        guard text.contains(where: { !$0.isWhitespace }) else {
            findings.add(.missingDescription, "State machine definition is empty", at: nil)
            return (nil, findings.all)
        }
        let value: JSON
        do {
            value = try JSON.parse(text)
        } catch {
            findings.add(.invalidJSON, "Definition is not valid JSON: \(error)", at: nil)
            return (nil, findings.all)
        }
        guard let fields = Fields(value, at: "", findings) else { return (nil, findings.all) }
        let definition = DefinitionReader(fields, type: type, tasks: tasks).definition()
        return (findings.hasErrors ? nil : definition, findings.all)
    }
}

/// Reads a whole definition: what its states share while they are read.
final class DefinitionReader {
    let type: WorkflowType
    let tasks: (any TaskChecking)?
    let findings: Findings
    /// Of the machine; states that say nothing use it, at any depth.
    let language: QueryLanguage
    private let fields: Fields
    private var names: Set<String> = []
    private var labels: Set<String> = []
    private var depth = 0
    /// Branches and processors within each other.
    private static let deepest = 20

    init(_ fields: Fields, type: WorkflowType, tasks: (any TaskChecking)?) {
        self.fields = fields
        self.type = type
        self.tasks = tasks
        findings = fields.findings
        language = Self.language(fields) ?? .jsonPath
    }

    func definition() -> Definition {
        fields.require("StartAt", "States")
        let comment = fields.text("Comment")
        _ = fields.word("Version", of: ["1.0"])
        let timeout = fields.whole("TimeoutSeconds", in: 0...99_999_999)
        let graph = graph(fields)
        fields.refuseUnknown()
        return Definition(comment: comment, queryLanguage: language, timeoutSeconds: timeout, graph: graph)
    }

    /// Anything but exactly `JSONPath` means JSONata, wrong words too, which are reported besides.
    static func language(_ fields: Fields) -> QueryLanguage? {
        guard fields.has("QueryLanguage") else { return nil }
        let word = fields.word("QueryLanguage", of: [QueryLanguage.jsonPath.rawValue, QueryLanguage.jsonata.rawValue])
        return word == QueryLanguage.jsonPath.rawValue ? .jsonPath : .jsonata
    }

    /// `StartAt` and `States` of a machine, a branch or a processor.
    func graph(_ fields: Fields) -> StateGraph {
        let startAt = fields.text("StartAt") ?? ""
        var states: [String: State] = [:]
        guard let all = fields.fields("States") else { return StateGraph(startAt: startAt, states: [:]) }
        guard depth < Self.deepest else {
            findings.add(.tooDeep, "States are too deeply nested", at: all.at)
            return StateGraph(startAt: startAt, states: [:])
        }
        depth += 1
        defer { depth -= 1 }
        if all.object.isEmpty { all.error("Value cannot be empty") }
        for (name, value) in all.object {
            guard let state = Fields(value, at: all.place(name), findings) else { continue }
            checkName(name, at: state.at)
            states[name] = StateReader(fields: state, name: name, definition: self).state()
        }
        Transitions(fields, all).check()
        return StateGraph(startAt: startAt, states: states)
    }

    private func checkName(_ name: String, at place: String) {
        if name.isEmpty {
            findings.add(.invalidStateName, "State name cannot be empty", at: place)
        } else if name.unicodeScalars.count > 80 {
            findings.add(.invalidStateName, "State name cannot exceed 80 characters", at: place)
        }
        if !names.insert(name).inserted {
            findings.add(.duplicateStateName, "Duplicate State name: \(name)", at: place)
        }
    }

    func checkLabel(_ label: String, at place: String) {
        if !labels.insert(label).inserted { findings.add(.duplicateLabel, "Duplicate label: \(label)", at: place) }
    }
}
