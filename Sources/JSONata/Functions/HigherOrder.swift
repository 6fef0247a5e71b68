extension Library {
    static let higherOrder: [Native] = [
        Native("map", "<af>", 2) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            let results = List([], .sequence)
            for index in 0..<list.count {
                let value = try visit(list, index, call)
                if !value.isUndefined { results.append(value) }
            }
            return .array(results)
        },
        Native("filter", "<af>", 2) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            let results = List([], .sequence)
            for index in 0..<list.count where try Truth.of(try visit(list, index, call)) { results.append(list[index]) }
            return .array(results)
        },
        Native("single", "<af?>", 2) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            var found: Value?
            for index in 0..<list.count {
                let isChosen = call[1].isUndefined ? true : try Truth.of(try visit(list, index, call))
                guard isChosen else { continue }
                guard found == nil else { throw Failure("D3138", ["index": .number(Double(index))]) }
                found = list[index]
            }
            guard let found else { throw Failure("D3139") }
            return found
        },
        Native("reduce", "<afj?:j>", 3) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            let arity = call[1].function?.arity ?? 0
            guard arity >= 2 else { throw Failure("D3050", value: call[1], ["index": .number(1)]) }
            let startsWithFirst = call[2].isUndefined && list.count > 0
            var result = startsWithFirst ? list[0] : call[2]
            for index in (startsWithFirst ? 1 : 0)..<max(list.count, startsWithFirst ? 1 : 0) {
                let arguments = [result, list[index], .number(Double(index)), .array(list)].prefix(arity)
                result = try call.machine.apply(call[1], Array(arguments), .undefined, call.frame)
            }
            return result
        },
    ]

    private static func visit(_ list: List, _ index: Int, _ call: Call) throws(Failure) -> Value {
        let arity = call[1].function?.arity ?? 1
        var arguments = [list[index]]
        if arity >= 2 { arguments.append(.number(Double(index))) }
        if arity >= 3 { arguments.append(.array(list)) }
        return try call.machine.apply(call[1], arguments, .undefined, call.frame)
    }
}
