/// A document path: an attribute, then entries of maps and elements of lists.
package struct Path: Sendable, Hashable {
    package enum Step: Sendable, Hashable, CustomStringConvertible {
        case name(String)
        case index(Int)

        package var description: String {
            switch self {
            case .name(let name): name
            case .index(let index): "[\(index)]"
            }
        }

        var isIndex: Bool { if case .index = self { true } else { false } }
    }

    /// The attribute of the item.
    package let attribute: String
    /// What follows it.
    package let steps: [Step]

    package init(_ attribute: String, _ steps: [Step] = []) {
        self.attribute = attribute
        self.steps = steps
    }

    package var isNested: Bool { !steps.isEmpty }
    package var all: [Step] { [.name(attribute)] + steps }

    /// `[a, b, [0]]`, as messages show it.
    package var shown: String { "[\(all.map(\.description).joined(separator: ", "))]" }

    /// The value in an item; nil when the path leads nowhere.
    package func value(in item: Item) -> AttributeValue? {
        var value = item[attribute]
        for step in steps {
            switch (step, value) {
            case (.name(let name), .map(let map)): value = map[name]
            case (.index(let index), .list(let elements)):
                value = elements.indices.contains(index) ? elements[index] : nil
            default: return nil
            }
        }
        return value
    }
}

extension Path {
    /// Paths of one expression must not lead to or through each other, nor take one place for a list and a map.
    static func checkDistinct(_ paths: [Path]) throws(ExpressionError) {
        for (index, later) in paths.enumerated() {
            for earlier in paths[..<index] {
                guard let problem = earlier.clash(with: later) else { continue }
                throw ExpressionError(
                    "Two document paths \(problem) with each other; must remove or rewrite one of these paths; path "
                        + "one: \(earlier.shown), path two: \(later.shown)")
            }
        }
    }

    private func clash(with other: Path) -> String? {
        for (left, right) in zip(all, other.all) where left != right {
            return left.isIndex != right.isIndex ? "conflict" : nil
        }
        return "overlap"
    }
}
