import JSON

/// Reads one state.
struct StateReader {
    let fields: Fields
    let name: String
    let definition: DefinitionReader

    /// What belongs to one query language only.
    private static let jsonPathOnly = [
        "InputPath", "Parameters", "Result", "ResultSelector", "ResultPath", "OutputPath", "ItemsPath", "SecondsPath",
        "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath",
        "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
    ]
    private static let jsonataOnly = ["Arguments", "Output", "Items"]

    enum Kind: String, CaseIterable {
        case task = "Task", wait = "Wait", pass = "Pass", succeed = "Succeed", fail = "Fail", choice = "Choice"
        case parallel = "Parallel", map = "Map"
    }

    func state() -> State? {
        fields.require("Type")
        guard let type = fields.text("Type") else { return nil }
        guard let kind = Kind(rawValue: type) else {
            let types = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            fields.error("The field 'Type' should have one of these values: [\(types)]", "Type")
            return nil
        }
        guard let language = language() else { return nil }
        let reader = FieldReader(fields: fields, language: language)
        let state = State(
            name: name, queryLanguage: language, kind: self.kind(kind, reader), next: next(kind),
            inputPath: kind == .fail ? .whole : reader.path("InputPath"),
            parameters: [.pass, .task, .parallel].contains(kind) ? reader.payload("Parameters") : nil,
            resultSelector: [.task, .parallel, .map].contains(kind) ? reader.payload("ResultSelector") : nil,
            resultPath: [.pass, .task, .parallel, .map].contains(kind) ? reader.resultPath() : .replace,
            outputPath: kind == .fail ? .whole : reader.path("OutputPath"),
            arguments: [.task, .parallel].contains(kind) ? reader.queries("Arguments") : nil,
            output: kind == .fail ? nil : reader.queries("Output"),
            assign: kind == .fail || kind == .succeed ? nil : reader.assign(),
            retry: retries(kind), catchers: catchers(kind, language))
        fields.refuseUnknown()
        return state
    }

    /// nil, with the one finding that AWS gives then, for JSONPath in a JSONata machine.
    private func language() -> QueryLanguage? {
        let language = DefinitionReader.language(fields) ?? definition.language
        if definition.language == .jsonata, language == .jsonPath {
            fields.error("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
            return nil
        }
        switch language {
        case .jsonPath: fields.refuse(Self.jsonataOnly, because: language)
        case .jsonata: fields.refuse(Self.jsonPathOnly, because: language)
        }
        return language
    }

    /// `Next` and `End`: exactly one of them, but for states that end or choose by themselves.
    private func next(_ kind: Kind) -> String? {
        if kind == .choice || kind == .succeed || kind == .fail { return nil }
        let next = fields.text("Next")
        let end = fields.flag("End")
        if fields.has("Next"), end == true {
            fields.error("There should only be one of the following fields: [Next, End]")
        } else if !fields.has("Next"), end != true {
            fields.error("This object should have only one of the following fields: [Next, End]")
        }
        return next
    }

    private func kind(_ kind: Kind, _ reader: FieldReader) -> State.Kind {
        switch kind {
        case .pass: .pass(result: result(reader.language))
        case .succeed: .succeed
        case .task: .task(task(reader))
        case .choice: choice(reader)
        case .wait: .wait(wait(reader))
        case .fail: .fail(error: reader.textField("Error"), cause: reader.textField("Cause"))
        case .parallel: .parallel(branches())
        case .map: .map(MapReader(fields: fields, reader: reader, definition: definition).map())
        }
    }

    private func result(_ language: QueryLanguage) -> JSON? {
        guard language == .jsonPath, let result = fields["Result"] else { return nil }
        if let name = result.object?.keys.first(where: { $0.hasSuffix(".$") }) {
            fields.findings.add(
                .staticResult, "The Result of a Pass state is static: '\(name)' is not evaluated",
                at: fields.place("Result"))
        }
        return result
    }

    private func task(_ reader: FieldReader) -> TaskFields {
        fields.require("Resource")
        let text = fields.text("Resource") ?? ""
        if fields.has("Resource") { ResourceCheck(type: definition.type, tasks: definition.tasks).check(text, fields) }
        checkCredentials(text)
        return TaskFields(
            resource: text,
            timeoutSeconds: reader.numberField("TimeoutSeconds", least: 1),
            heartbeatSeconds: reader.numberField("HeartbeatSeconds", least: 1),
            credentials: reader.template("Credentials"))
    }

    private func checkCredentials(_ resource: String) {
        guard fields.has("Credentials") else { return }
        if resource.contains(":activity:") {
            fields.error("The field 'Credentials' is not supported for activities", "Credentials")
        } else if let object = fields["Credentials"]?.object, object["RoleArn"] == nil, object["RoleArn.$"] == nil {
            fields.error("The field 'RoleArn' is required but was missing", "Credentials")
        }
    }

    private func wait(_ reader: FieldReader) -> WaitUntil {
        fields.requireOne("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
        if let seconds = reader.numberField("Seconds", least: 0) { return .seconds(seconds) }
        let timestamp = reader.textField("Timestamp")
        if case .literal(let text) = timestamp, RFC3339(text) == nil {
            fields.error("String does not match RFC3339 timestamp", "Timestamp")
        }
        return timestamp.map { .timestamp($0) } ?? .seconds(.literal(0))
    }

    private func branches() -> [StateGraph] {
        fields.require("Branches")
        let branches = fields.array("Branches") ?? []
        if fields.has("Branches"), branches.isEmpty { fields.error("Value cannot be empty", "Branches") }
        return branches.enumerated().compactMap { index, value in
            guard let branch = Fields(value, at: "\(fields.place("Branches"))[\(index)]", definition.findings) else {
                return nil
            }
            branch.require("StartAt", "States")
            let graph = definition.graph(branch)
            branch.refuseUnknown()
            return graph
        }
    }

    private func choice(_ reader: FieldReader) -> State.Kind {
        fields.require("Choices")
        let rules = fields.array("Choices") ?? []
        if fields.has("Choices"), rules.isEmpty { fields.error("Value cannot be empty", "Choices") }
        let compiled = rules.enumerated().compactMap { index, value -> ChoiceRule? in
            let place = "\(fields.place("Choices"))[\(index)]"
            guard let rule = Fields(value, at: place, definition.findings) else { return nil }
            return ChoiceReader(fields: rule, language: reader.language).rule(index)
        }
        return .choice(compiled, default: fields.text("Default"))
    }

    // MARK: Retry, Catch

    private func retries(_ kind: Kind) -> [Retrier] {
        guard [.task, .parallel, .map].contains(kind) else { return [] }
        let all = rules("Retry")
        return all.enumerated().map { index, rule in
            let names = errorNames(rule, isLast: index == all.count - 1)
            let retrier = Retrier(
                errorEquals: names,
                intervalSeconds: rule.whole("IntervalSeconds", in: 0...99_999_999) ?? 1,
                maxAttempts: rule.whole("MaxAttempts", in: 0...99_999_999) ?? 3,
                backoffRate: rule.number("BackoffRate", in: 1...99_999_999) ?? 2,
                maxDelaySeconds: rule.whole("MaxDelaySeconds", in: 1...31_622_400),
                hasFullJitter: rule.word("JitterStrategy", of: ["NONE", "FULL"]) == "FULL")
            rule.refuseUnknown()
            return retrier
        }
    }

    private func catchers(_ kind: Kind, _ language: QueryLanguage) -> [Catcher] {
        guard [.task, .parallel, .map].contains(kind) else { return [] }
        let all = rules("Catch")
        return all.enumerated().map { index, rule in
            rule.require("Next")
            let names = errorNames(rule, isLast: index == all.count - 1)
            let reader = FieldReader(fields: rule, language: language, isCatcher: true)
            switch language {
            case .jsonPath: rule.refuse(["Output"], because: language)
            case .jsonata: rule.refuse(["ResultPath"], because: language)
            }
            let catcher = Catcher(
                errorEquals: names, next: rule.text("Next") ?? "", resultPath: reader.resultPath(),
                output: reader.queries("Output", field: "Catch[\(index)]/Output"),
                assign: reader.assign(field: "Catch[\(index)]/Assign"))
            rule.refuseUnknown()
            return catcher
        }
    }

    private func rules(_ name: String) -> [Fields] {
        (fields.array(name) ?? []).enumerated().compactMap { index, value in
            Fields(value, at: "\(fields.place(name))[\(index)]", definition.findings)
        }
    }

    private func errorNames(_ rule: Fields, isLast: Bool) -> [String] {
        rule.require("ErrorEquals")
        let names = (rule.array("ErrorEquals") ?? []).compactMap(\.string)
        if rule.has("ErrorEquals"), names.isEmpty { rule.error("Value cannot be empty", "ErrorEquals") }
        if names.contains(ReservedError.all), names.count > 1 || !isLast {
            rule.error("\(ReservedError.all) must appear alone and at end of list", "ErrorEquals")
        }
        return names
    }
}
