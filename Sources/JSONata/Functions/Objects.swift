extension Library {
    static let objects: [Native] = [
        Native("keys", "<x-:a<s>>", 1) { call throws(Failure) in
            let names = List([], .sequence)
            var seen: Set<[UInt8]> = []
            try keys(of: call[0], call.machine) { key in
                if seen.insert(Array(key.utf8)).inserted { names.append(.string(key)) }
            }
            return .array(names)
        },
        Native("lookup", "<x-s:x>", 2) { call throws(Failure) in
            try Lookup.member(call.string(1) ?? "", of: call[0], call.machine)
        },
        Native("spread", "<x-:a<o>>", 1) { call throws(Failure) in try spread(call[0], call.machine) },
        Native("merge", "<a<o>:o>", 1) { call throws(Failure) in
            guard let list = call.list(0) else { return .undefined }
            let merged = Record()
            for index in 0..<list.count {
                guard case .object(let record) = list[index] else { continue }
                for member in record.members { merged[set: member.key] = member.value }
            }
            return .object(merged)
        },
        Native("each", "<o-f:a>", 2) { call throws(Failure) in
            guard case .object(let record) = call[0] else { return .undefined }
            let results = List([], .sequence)
            for member in record.members {
                let value = try call.apply(call[1], [member.value, .string(member.key), call[0]])
                if !value.isUndefined { results.append(value) }
            }
            return .array(results)
        },
        Native("sift", "<o-f?:o>", 2) { call throws(Failure) in
            guard case .object(let record) = call[0] else { return .undefined }
            let kept = Record()
            for member in record.members {
                let value = try call.apply(call[1], [member.value, .string(member.key), call[0]])
                if try Truth.of(value) { kept[set: member.key] = member.value }
            }
            return kept.isEmpty ? .undefined : .object(kept)
        },
        Native("clone", "<(oa)-:o>", 1) { call throws(Failure) in try Cloning.copy(call[0], call.machine) },
    ]

    private static func keys(of value: Value, _ machine: Machine, _ use: (String) -> Void) throws(Failure) {
        try machine.tick()
        switch value {
        case .object(let record): for key in record.keys { use(key) }
        case .array(let list):
            for index in 0..<list.count {
                let item = list[index]
                try machine.descend { () throws(Failure) in try keys(of: item, machine, use) }
            }
        default: break
        }
    }

    private static func spread(_ value: Value, _ machine: Machine) throws(Failure) -> Value {
        switch value {
        case .object(let record):
            let parts = List([], .sequence)
            for member in record.members {
                let part = Record()
                part[set: member.key] = member.value
                parts.append(.object(part))
            }
            return .array(parts)
        case .array(let list):
            var parts = Value.array(List([], .sequence))
            for index in 0..<list.count {
                let item = list[index]
                let more = try machine.descend { () throws(Failure) in try spread(item, machine) }
                if case .array(let joined) = parts, index > 0 {
                    switch more {
                    case .undefined: break
                    case .array(let inner): joined.append(contentsOf: inner)
                    default: joined.append(more)
                    }
                } else {
                    parts = try append(parts, more)
                }
            }
            return parts
        default: return value
        }
    }
}
