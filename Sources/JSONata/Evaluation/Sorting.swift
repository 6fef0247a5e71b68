/// `^(…)`: orders what the path has yielded so far. Stands in a path only.
final class SortNode: Node {
    struct Term {
        let expression: Node
        let descending: Bool
    }

    var terms: [Term] = []

    override var type: String { "sort" }

    override func unlink() {
        super.unlink()
        terms = []
    }

    func sort(_ items: List, _ frame: Frame, _ machine: Machine) throws(Failure) -> List {
        guard items.count > 1 else { return items }
        // Every key is evaluated once, not once a comparison.
        var keyed: [(item: Value, keys: [Value])] = []
        keyed.reserveCapacity(items.count)
        for index in 0..<items.count {
            let item = items[index]
            let scope = Path.scope(item, frame)
            var keys: [Value] = []
            for term in terms { keys.append(try machine.evaluate(term.expression, Path.item(item), scope)) }
            keyed.append((item, keys))
        }
        let sorted = try MergeSort.sort(keyed) { (left, right) throws(Failure) in
            try machine.tick()
            return try self.isBehind(left.keys, right.keys)
        }
        return List(sorted.map(\.item), items.flags.intersection(.tuples))
    }

    private func isBehind(_ left: [Value], _ right: [Value]) throws(Failure) -> Bool {
        for (index, term) in terms.enumerated() {
            var order = 0
            switch (left[index], right[index]) {
            case (.undefined, .undefined): continue
            case (.undefined, _): return true
            case (_, .undefined): return false
            case (.number(let left), .number(let right)): order = left == right ? 0 : left < right ? -1 : 1
            case (.string(let left), .string(let right)): order = Text.compare(left, right)
            case (let left, let right): throw mismatch(left, right)
            }
            if order != 0 { return (term.descending ? -order : order) > 0 }
        }
        return false
    }

    private func mismatch(_ left: Value, _ right: Value) -> Failure {
        func isOrdered(_ value: Value) -> Bool {
            switch value {
            case .number, .string: true
            default: false
            }
        }
        if isOrdered(left), isOrdered(right) {
            return Failure("T2007", position: position, value: left, ["value2": right])
        }
        return Failure("T2008", position: position, value: isOrdered(left) ? right : left)
    }
}

/// Stable, and its comparison may fail.
enum MergeSort {
    static func sort<Item>(
        _ items: [Item], _ isBehind: (Item, Item) throws(Failure) -> Bool
    ) throws(Failure) -> [Item] {
        var from = items
        var to = items
        var width = 1
        while width < items.count {
            var start = 0
            while start < items.count {
                let middle = min(start + width, items.count)
                let end = min(start + 2 * width, items.count)
                var left = start
                var right = middle
                for place in start..<end {
                    let takesLeft =
                        left >= middle ? false : right >= end ? true : try !isBehind(from[left], from[right])
                    if takesLeft {
                        to[place] = from[left]
                        left += 1
                    } else {
                        to[place] = from[right]
                        right += 1
                    }
                }
                start = end
            }
            swap(&from, &to)
            width *= 2
        }
        return from
    }
}
