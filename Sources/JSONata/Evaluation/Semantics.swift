/// `$boolean`: what counts as true.
enum Truth {
    static func of(_ value: Value) throws(Failure) -> Bool {
        switch value {
        case .undefined, .null, .function, .tuple: return false
        case .bool(let value): return value
        case .number(let number):
            if number.isNaN { return false }
            try Numeric.check(number)
            return number != 0
        case .string(let text): return !text.isEmpty
        case .object(let record): return !record.isEmpty
        case .array(let list):
            // True when anything in it is, however deep: a loop, since data may be deep.
            var pending = [list]
            while let list = pending.popLast() {
                for index in 0..<list.count {
                    let item = list[index]
                    if case .array(let inner) = item { pending.append(inner) } else if try of(item) { return true }
                }
            }
            return false
        }
    }
}

enum Numeric {
    /// Infinity is not a number of the language.
    static func check(_ number: Double) throws(Failure) {
        if number.isInfinite { throw Failure("D1001", value: .number(number)) }
    }

    static func areAll(_ list: List) throws(Failure) -> Bool {
        for index in 0..<list.count {
            guard case .number(let number) = list[index], !number.isNaN else { return false }
            try check(number)
        }
        return true
    }
}

/// Deep equality. The order of members does not matter.
enum Equality {
    static func holds(_ left: Value, _ right: Value, _ machine: Machine) throws(Failure) -> Bool {
        switch (left, right) {
        case (.null, .null), (.undefined, .undefined): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.string(let left), .string(let right)): return Text.same(left, right)
        case (.function(let left), .function(let right)): return left === right
        case (.array(let left), .array(let right)):
            if left === right { return true }
            guard left.count == right.count else { return false }
            for index in 0..<left.count {
                try machine.tick()
                let one = left[index]
                let other = right[index]
                let same = try machine.descend { () throws(Failure) in try holds(one, other, machine) }
                guard same else { return false }
            }
            return true
        case (.object(let left), .object(let right)):
            if left === right { return true }
            guard left.count == right.count else { return false }
            for member in left.members {
                try machine.tick()
                let other = right[member.key]
                if other.isUndefined { return false }
                let same = try machine.descend { () throws(Failure) in try holds(member.value, other, machine) }
                guard same else { return false }
            }
            return true
        default: return false
        }
    }
}

/// A deep copy that may be changed. What is still JSON stays so until it is touched.
enum Cloning {
    static func copy(_ value: Value, _ machine: Machine) throws(Failure) -> Value {
        switch value {
        case .array(let list):
            if let json = list.json { return .array(List(json: json, owned: true)) }
            let copy = List()
            for index in 0..<list.count {
                let item = list[index]
                copy.append(try machine.descend { () throws(Failure) in try Cloning.copy(item, machine) })
            }
            return .array(copy)
        case .object(let record):
            if let json = record.json { return .object(Record(json: json, owned: true)) }
            let copy = Record()
            for member in record.members {
                copy[set: member.key] = try machine.descend { () throws(Failure) in
                    try Cloning.copy(member.value, machine)
                }
            }
            return .object(copy)
        case .function: return .string("")
        default: return value
        }
    }
}
