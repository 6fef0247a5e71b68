import JSON

/// Reads members that hold paths, templates and computed values, in one query language.
struct FieldReader {
    let fields: Fields
    let language: QueryLanguage
    var isCatcher = false

    private var templates: TemplateReader {
        TemplateReader(language: language, findings: fields.findings, isCatcher: isCatcher)
    }

    // MARK: JSONPath

    func path(_ name: String) -> PathField {
        guard language == .jsonPath, let value = fields[name] else { return .whole }
        if value.isNull { return .discard }
        guard let path = compile(value, name) else { return .whole }
        return path.root == .input && path.steps.isEmpty ? .whole : .path(path)
    }

    func resultPath(_ name: String = "ResultPath") -> ResultPath {
        guard language == .jsonPath, let value = fields[name] else { return .replace }
        if value.isNull { return .discard }
        guard let text = value.string, let path = try? ReferencePath(text) else {
            fields.error("Value is not a Reference Path", name)
            return .replace
        }
        return path.steps.isEmpty ? .replace : .insert(path)
    }

    func payload(_ name: String) -> Template? {
        guard language == .jsonPath, let value = fields[name] else { return nil }
        return templates.payload(value, at: fields.place(name))
    }

    private func compile(_ value: JSON, _ name: String) -> Path? {
        if let text = value.string, let path = try? Path(text) { return path }
        fields.error("Value must be a valid JSONPath.", name)
        return nil
    }

    /// A path or a call, `null` being none.
    private func computed(_ name: String) -> Template? {
        guard let value = fields[name] else { return nil }
        if let text = value.string, let node = TemplateReader.pathOrCall(text, field: name) { return Template(node) }
        fields.error("Value must be a valid JSONPath or a valid intrinsic function call", name)
        return nil
    }

    /// A path that names one place of the input or of a variable.
    private func reference(_ name: String) -> Path? {
        guard let value = fields[name] else { return nil }
        guard let text = value.string, text.utf8.first == UInt8(ascii: "$") else {
            fields.error("Value is not a Reference Path: Reference path didn't start with '$'", name)
            return nil
        }
        if let path = try? Path(text), path.root != .context, path.isReference { return path }
        fields.error("Value is not a Reference Path", name)
        return nil
    }

    /// A path as a template, `ItemsPath` for example.
    func pathTemplate(_ name: String) -> Template? {
        guard language == .jsonPath, let value = fields[name], let path = compile(value, name) else { return nil }
        return Template(.path(path, field: name))
    }

    // MARK: JSONata

    func queries(_ name: String, field: String? = nil, expected: Query.Kind? = nil) -> Template? {
        guard language == .jsonata, let value = fields[name] else { return nil }
        return templates.queries(value, field: field ?? name, at: fields.place(name), expected: expected)
    }

    // MARK: Either

    /// An object of either language.
    func template(_ name: String, field: String? = nil) -> Template? {
        language == .jsonPath ? payload(name) : queries(name, field: field)
    }

    func assign(field: String = "Assign") -> Template? {
        guard let value = fields["Assign"] else { return nil }
        guard let object = value.object else {
            fields.error("Expected value of type Object", "Assign")
            return nil
        }
        for key in object.keys {
            let name = language == .jsonPath && key.hasSuffix(".$") ? String(key.dropLast(2)) : key
            if let (code, message) = VariableName.refusal(name) {
                fields.findings.add(code, message, at: fields.place("Assign/\(key)"))
            }
        }
        return template("Assign", field: field)
    }

    /// `Name` or, in JSONPath, `NamePath`; in JSONata `Name` may be an expression.
    /// - Parameters:
    ///   - place: of the object, for the fields that errors of expressions name: `ItemBatcher/`.
    ///   - refusal: what a number that is not in range when it has been computed fails with.
    func numberField(
        _ name: String, least: Double, most: Double = 99_999_999, isWhole: Bool = true, in place: String = "",
        refusal: StatesError? = nil
    ) -> NumberField? {
        let pathName = name + "Path"
        // Limits of AWS's own are checked when a machine is made, not later.
        let range = least...(refusal == nil ? most : .infinity)
        if language == .jsonPath, fields.has(pathName) {
            fields.exclude(name, pathName)
            _ = fields[name]
            guard let path = reference(pathName) else { return nil }
            return .computed(
                Template(.path(path, field: pathName)),
                NumberRule(field: pathName, isWhole: isWhole, range: range, refusal: refusal))
        }
        guard let value = fields[name] else { return nil }
        if language == .jsonata, let text = value.string,
            let query = templates.query(text, place + name, fields.place(name), .number)
        {
            let rule = NumberRule(field: name, isWhole: isWhole, range: range, refusal: refusal)
            return .computed(Template(.query(query)), rule)
        }
        guard value.double != nil, !isWhole || value.int != nil else {
            fields.error("Expected value of type [\(isWhole ? "INTEGER" : "NUMBER")]", name)
            return nil
        }
        if isWhole { return fields.whole(name, in: Int(least)...Int(most)).map { .literal(Double($0)) } }
        return fields.number(name, in: least...most).map { .literal($0) }
    }

    func textField(_ name: String) -> TextField? {
        let pathName = name + "Path"
        if language == .jsonPath, fields.has(pathName) {
            fields.exclude(name, pathName)
            _ = fields[name]
            return computed(pathName).map { .computed($0, field: pathName) }
        }
        guard let text = fields.text(name) else { return nil }
        if language == .jsonata, let query = templates.query(text, name, fields.place(name), .string) {
            return .computed(Template(.query(query)), field: name)
        }
        if language == .jsonPath, text.hasPrefix("$.") {
            fields.findings.add(
                .noPath, "The value looks like a path, but the name of the field does not end with 'Path'",
                at: fields.place(name))
        }
        return .literal(text)
    }
}

/// The names that `Assign` may give.
enum VariableName {
    /// Why a name is none; nil for a good one.
    static func refusal(_ name: String) -> (Diagnostic.Code, String)? {
        guard name != "states" else {
            return (.reservedVariable, "Cannot assign to reserved variable '$states'.")
        }
        guard name.unicodeScalars.count <= 80 else {
            return (
                .invalidVariable, "Invalid variable name '\(name)': the variable name cannot exceed 80 characters."
            )
        }
        guard let first = name.unicodeScalars.first, first.properties.isXIDStart,
            name.unicodeScalars.allSatisfy({ $0.properties.isXIDContinue })
        else {
            return (
                .invalidVariable,
                "Invalid variable name '\(name)': the variable name contains invalid characters."
            )
        }
        return nil
    }
}
