/// Members by name, all members, all descendants.
enum Lookup {
    /// The member of every object in a list, lists inside included; found lists are joined.
    static func member(_ key: String, of list: List, _ machine: Machine) throws(Failure) -> List {
        let found = List([], .sequence)
        for index in 0..<list.count {
            try machine.tick()
            switch list[index] {
            case .object(let record): join(record[key], to: found)
            case .array(let inner):
                let more = try machine.descend { () throws(Failure) in try member(key, of: inner, machine) }
                found.append(contentsOf: more)
            default: break
            }
        }
        return found
    }

    static func member(_ key: String, of value: Value, _ machine: Machine) throws(Failure) -> Value {
        switch value {
        case .object(let record): return record[key]
        case .array(let list): return .array(try member(key, of: list, machine))
        default: return .undefined
        }
    }

    private static func join(_ value: Value, to list: List) {
        switch value {
        case .undefined: break
        case .array(let inner): list.append(contentsOf: inner)
        default: list.append(value)
        }
    }

    /// `*`: all members; lists among them are flattened, and make the result a plain array.
    static func members(of value: Value, _ machine: Machine) throws(Failure) -> List {
        var found = List([], .sequence)
        var values: [Value] = []
        switch value {
        case .object(let record): values = record.members.map(\.value)
        case .array(let list) where list.flags.contains(.wrapsInput) && list.count > 0:
            return try members(of: list[0], machine)
        case .array(let list): values = list.items
        default: break
        }
        for value in values {
            try machine.tick()
            if case .array(let list) = value {
                found = found.plain()
                try flatten(list, into: found, machine)
            } else {
                found.append(value)
            }
        }
        return found
    }

    static func flatten(_ list: List, into flat: List, _ machine: Machine) throws(Failure) {
        for index in 0..<list.count {
            try machine.tick()
            let item = list[index]
            if case .array(let inner) = item {
                try machine.descend { () throws(Failure) in try flatten(inner, into: flat, machine) }
            } else {
                flat.append(item)
            }
        }
    }

    /// `**`: the value itself and everything inside, lists themselves left out.
    static func descendants(of value: Value, into found: List, _ machine: Machine) throws(Failure) {
        try machine.tick()
        switch value {
        case .array(let list):
            for index in 0..<list.count {
                let item = list[index]
                try machine.descend { () throws(Failure) in try descendants(of: item, into: found, machine) }
            }
        case .object(let record):
            found.append(value)
            for member in record.members {
                try machine.descend { () throws(Failure) in try descendants(of: member.value, into: found, machine) }
            }
        default: found.append(value)
        }
    }
}
