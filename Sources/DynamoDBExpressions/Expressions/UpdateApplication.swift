package import AWSWire

extension Update {
    /// The item after the update. Values are taken from the item as it was, whatever the order of the actions.
    package func applied(to old: Item) throws(AWSError) -> Item {
        var item = old
        var removals: [Path] = []
        var sets: [(path: Path, value: AttributeValue)] = []
        for action in actions {
            switch action {
            case .set(let path, let value): sets.append((path, try value.resolved(in: old, update: self)))
            case .remove(let path):
                try checkParent(of: path, in: old)
                removals.append(path)
            case .add(let path, let value):
                sets.append((path, try added(value, to: path.value(in: old))))
            case .delete(let path, let value):
                switch try deleted(value, from: path.value(in: old)) {
                case .unchanged: break
                case .left(let rest): sets.append((path, rest))
                case .nothing: removals.append(path)
                }
            }
        }
        // Elements behind the end of a list are appended in the order of their indexes.
        for (path, value) in sets.sorted(by: { $0.path.comesBefore($1.path) }) {
            try item.change(path.all[...]) { $0 = value }
        }
        // Later elements first, so that the indexes of the others stay true.
        for path in removals.sorted(by: { $1.comesBefore($0) }) { try item.change(path.all[...]) { $0 = nil } }
        return item
    }

    private func checkParent(of path: Path, in item: Item) throws(AWSError) {
        guard path.isNested else { return }
        let parent = Path(path.attribute, Array(path.steps.dropLast())).value(in: item)
        switch (parent, path.steps.last) {
        case (.map?, .name?), (.list?, .index?): return
        default: throw .invalidDocumentPath
        }
    }

    private func added(_ value: AttributeValue, to old: AttributeValue?) throws(AWSError) -> AttributeValue {
        switch (old, value) {
        case (nil, _): return value
        case (.number(let old)?, .number(let value)): return .number(try old + value)
        case (.stringSet(let old)?, .stringSet(let new)): return .stringSet(old + new.filter { !old.contains($0) })
        case (.numberSet(let old)?, .numberSet(let new)): return .numberSet(old + new.filter { !old.contains($0) })
        case (.binarySet(let old)?, .binarySet(let new)): return .binarySet(old + new.filter { !old.contains($0) })
        case (.list(let old)?, .list(let new)): return .list(old + new)
        default: throw wrongType
        }
    }

    private enum Rest { case unchanged, left(AttributeValue), nothing }

    private func deleted(_ value: AttributeValue, from old: AttributeValue?) throws(AWSError) -> Rest {
        func rest<Element: Equatable>(
            _ old: [Element], _ gone: [Element], _ make: ([Element]) -> AttributeValue
        ) -> Rest {
            let left = old.filter { !gone.contains($0) }
            return left.isEmpty ? .nothing : .left(make(left))
        }
        switch (old, value) {
        case (nil, _): return .unchanged
        case (.stringSet(let old)?, .stringSet(let gone)): return rest(old, gone) { .stringSet($0) }
        case (.numberSet(let old)?, .numberSet(let gone)): return rest(old, gone) { .numberSet($0) }
        case (.binarySet(let old)?, .binarySet(let gone)): return rest(old, gone) { .binarySet($0) }
        default: throw wrongType
        }
    }

    fileprivate var wrongType: AWSError {
        isLegacy
            ? .validation("Type mismatch for attribute to update")
            : .validation("An operand in the update expression has an incorrect data type")
    }
}

extension Update.SetValue {
    fileprivate func resolved(in item: Item, update: Update) throws(AWSError) -> AttributeValue {
        switch self {
        case .value(let value): return value
        case .path(let path):
            guard let value = path.value(in: item) else {
                throw .validation("The provided expression refers to an attribute that does not exist in the item")
            }
            return value
        case .ifNotExists(let path, let other):
            if let value = path.value(in: item) { return value }
            return try other.resolved(in: item, update: update)
        case .listAppend(let first, let second):
            guard case .list(let left) = try first.resolved(in: item, update: update),
                case .list(let right) = try second.resolved(in: item, update: update)
            else { throw update.wrongType }
            return .list(left + right)
        case .plus(let first, let second):
            let (left, right) = try Self.numbers(first, second, item, update)
            return .number(try left + right)
        case .minus(let first, let second):
            let (left, right) = try Self.numbers(first, second, item, update)
            return .number(try left - right)
        }
    }

    private static func numbers(
        _ first: Self, _ second: Self, _ item: Item, _ update: Update
    ) throws(AWSError) -> (Number, Number) {
        guard case .number(let left) = try first.resolved(in: item, update: update),
            case .number(let right) = try second.resolved(in: item, update: update)
        else { throw update.wrongType }
        return (left, right)
    }
}

extension AWSError {
    fileprivate static let invalidDocumentPath = AWSError.validation(
        "The document path provided in the update expression is invalid for update")
}

extension Path {
    /// Orders paths so that of two elements of one list the one with the smaller index comes first.
    fileprivate func comesBefore(_ other: Path) -> Bool {
        for (left, right) in zip(all, other.all) where left != right {
            switch (left, right) {
            case (.index(let left), .index(let right)): return left < right
            case (.name(let left), .name(let right)): return left < right
            case (.index, .name): return true
            case (.name, .index): return false
            }
        }
        return steps.count < other.steps.count
    }
}

extension Item {
    /// Changes, adds or (with nil) removes what lies at the end of a path, whose parents must be there.
    fileprivate mutating func change(
        _ steps: ArraySlice<Path.Step>, _ body: (inout AttributeValue?) -> Void
    ) throws(AWSError) {
        guard case .name(let name)? = steps.first else { throw .invalidDocumentPath }
        let rest = steps.dropFirst()
        if rest.isEmpty {
            var value = self[name]
            body(&value)
            self[name] = value
            return
        }
        let found = try update(name) { (value) throws(AWSError) in try value.change(rest, body) }
        guard found else { throw .invalidDocumentPath }
    }
}

extension AttributeValue {
    fileprivate mutating func change(
        _ steps: ArraySlice<Path.Step>, _ body: (inout AttributeValue?) -> Void
    ) throws(AWSError) {
        switch (self, steps.first) {
        case (.map(var map), .name?):
            self = .null  // gives up the shared storage, so that the change happens in place
            try map.change(steps, body)
            self = .map(map)
        case (.list(var elements), .index(let index)?):
            self = .null
            try Self.change(&elements, index, steps.dropFirst(), body)
            self = .list(elements)
        default: throw .invalidDocumentPath
        }
    }

    private static func change(
        _ elements: inout [AttributeValue], _ index: Int, _ rest: ArraySlice<Path.Step>,
        _ body: (inout AttributeValue?) -> Void
    ) throws(AWSError) {
        if !rest.isEmpty {
            guard elements.indices.contains(index) else { throw .invalidDocumentPath }
            return try elements[index].change(rest, body)
        }
        var value = elements.indices.contains(index) ? elements[index] : nil
        let existed = value != nil
        body(&value)
        switch (existed, value) {
        case (true, let value?): elements[index] = value
        case (true, nil): elements.remove(at: index)
        case (false, let value?): elements.append(value)
        case (false, nil): break
        }
    }
}
