extension Library {
    static let logic: [Native] = [
        Native("boolean", "<x-:b>", 1) { call throws(Failure) in
            call[0].isUndefined ? .undefined : .bool(try Truth.of(call[0]))
        },
        Native("not", "<x-:b>", 1) { call throws(Failure) in
            call[0].isUndefined ? .undefined : .bool(try !Truth.of(call[0]))
        },
        Native("exists", "<x:b>", 1) { call throws(Failure) in .bool(!call[0].isUndefined) },
        Native("type", "<x:s>", 1) { call throws(Failure) in
            switch call[0] {
            case .undefined, .tuple: .undefined
            case .null: .string("null")
            case .bool: .string("boolean")
            case .number: .string("number")
            case .string: .string("string")
            case .array: .string("array")
            case .object: .string("object")
            case .function: .string("function")
            }
        },
        Native("error", "<s?:x>", 1) { call throws(Failure) in
            throw Failure(
                "D3137", message: call.string(0).flatMap { $0.isEmpty ? nil : $0 } ?? "$error() function evaluated")
        },
        Native("assert", "<bs?:x>", 2) { call throws(Failure) in
            if case .bool(true) = call[0] { return .undefined }
            throw Failure(
                "D3141", message: call.string(1).flatMap { $0.isEmpty ? nil : $0 } ?? "$assert() statement failed")
        },
    ]

    /// `$eval`: the text is an expression, in the scope of the call.
    static let evaluation = Native("eval", "<sx?:x>", 2) { call throws(Failure) in
        guard let source = call.string(0) else { return .undefined }
        return try call.machine.evaluate(text: source, call[1].isUndefined ? call.input : call[1], call.frame)
    }
}

extension Machine {
    func evaluate(text source: String, _ input: Value, _ frame: Frame) throws(Failure) -> Value {
        let program: Program
        do throws(Failure) {
            program = try Program(parsing: source, symbols, dialect, Stack(), isEvaluated: true)
        } catch {
            throw Failure("D3120", value: .string(error.error.message))
        }
        symbols = program.symbols
        programs.append(program)
        var input = input
        if case .array(let list) = input, !list.isSequence { input = .array(List([input], [.sequence, .wrapsInput])) }
        do throws(Failure) {
            return try evaluate(program.tree, input, frame)
        } catch {
            // The limits are those of the whole evaluation.
            if error.code == "U1001" || error.code == "D2015" { throw error }
            throw Failure("D3121", value: .string(error.error.message))
        }
    }
}
