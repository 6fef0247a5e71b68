extension Library {
    static let arrays: [Native] = [
        Native("append", "<xx:a>", 2) { call throws(Failure) in try append(call[0], call[1]) },
        Native("reverse", "<a:a>", 1) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            return list.count <= 1 ? .array(list) : .array(List(list.items.reversed()))
        },
        Native("shuffle", "<a:a>", 1) { call throws(Failure) in
            guard let list = call.list(0), list.count > 1 else { return call[0] }
            var items = list.items
            for index in items.indices {
                let other = Int(call.machine.environment.random() * Double(index + 1))
                items.swapAt(index, min(other, index))
            }
            return .array(List(items))
        },
        Native("distinct", "<x:x>", 1) { call throws(Failure) in
            guard let list = call.list(0), list.count > 1 else { return call[0] }
            return .array(try distinct(list, call.machine))
        },
        Native("zip", "<a+>", 0) { call throws(Failure) in
            let lists = call.arguments.map { $0.list ?? List() }
            let rows = List()
            for index in 0..<(lists.map(\.count).min() ?? 0) { rows.append(.array(List(lists.map { $0[index] }))) }
            return .array(rows)
        },
        Native("sort", "<af?:a>", 2) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            guard list.count > 1 else { return .array(list) }
            return .array(List(try sorted(list, call)))
        },
    ]

    static func append(_ first: Value, _ second: Value) throws(Failure) -> Value {
        if first.isUndefined { return second }
        if second.isUndefined { return first }
        let joined = List()
        for value in [first, second] {
            if case .array(let list) = value { joined.append(contentsOf: list) } else { joined.append(value) }
        }
        guard joined.count <= List.longest else { throw Failure.tooLarge() }
        return .array(joined)
    }

    private static func distinct(_ list: List, _ machine: Machine) throws(Failure) -> List {
        let kept = List([], list.flags.intersection(.sequence))
        var numbers: Set<Double> = []
        var strings: Set<[UInt8]> = []
        var others: [Value] = []
        items: for index in 0..<list.count {
            try machine.tick()
            let item = list[index]
            switch item {
            case .number(let number): guard numbers.insert(number).inserted else { continue items }
            case .string(let text): guard strings.insert(Array(text.utf8)).inserted else { continue items }
            default:
                for other in others where try Equality.holds(item, other, machine) { continue items }
                others.append(item)
            }
            kept.append(item)
        }
        return kept
    }

    private static func sorted(_ list: List, _ call: Call) throws(Failure) -> [Value] {
        let items = list.items
        if call[1].function != nil {
            return try MergeSort.sort(items) { (left, right) throws(Failure) in
                try call.machine.apply(call[1], [left, right], .undefined, call.frame).isTruthyInJavaScript
            }
        }
        if items.allSatisfy({ $0.number != nil }) {
            return try MergeSort.sort(items) { (left, right) throws(Failure) in
                try call.machine.tick()
                return (left.number ?? 0) > (right.number ?? 0)
            }
        }
        guard items.allSatisfy({ $0.string != nil }) else {
            throw Failure("D3070", value: call[0], ["index": .number(1)])
        }
        return try MergeSort.sort(items) { (left, right) throws(Failure) in
            try call.machine.tick()
            return Text.compare(left.string ?? "", right.string ?? "") > 0
        }
    }
}
