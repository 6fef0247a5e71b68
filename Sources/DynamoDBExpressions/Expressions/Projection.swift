/// Which parts of items are answered. Lists keep only the named elements, in the order of their indexes.
package struct Projection: Sendable {
    private final class Node: Sendable {
        /// Nothing below: all of the value is wanted.
        let names: [(name: String, node: Node)]
        let indexes: [(index: Int, node: Node)]
        var isLeaf: Bool { names.isEmpty && indexes.isEmpty }

        init(_ paths: [ArraySlice<Path.Step>]) {
            var names: [(String, [ArraySlice<Path.Step>])] = []
            var indexes: [Int: [ArraySlice<Path.Step>]] = [:]
            for path in paths {
                switch path.first {
                case .name(let name)?:
                    if let position = names.firstIndex(where: { $0.0 == name }) {
                        names[position].1.append(path.dropFirst())
                    } else {
                        names.append((name, [path.dropFirst()]))
                    }
                case .index(let index)?: indexes[index, default: []].append(path.dropFirst())
                case nil: continue
                }
            }
            self.names = names.map { ($0.0, Node($0.1)) }
            self.indexes = indexes.sorted { $0.key < $1.key }.map { ($0.key, Node($0.value)) }
        }

        func applied(to item: Item) -> Item {
            var result = Item()
            for (name, node) in names {
                if let value = item[name].flatMap(node.applied(to:)) { result.append(name, value) }
            }
            return result
        }

        /// nil when nothing of the value is wanted.
        func applied(to value: AttributeValue) -> AttributeValue? {
            if isLeaf { return value }
            switch value {
            case .map(let map) where !names.isEmpty:
                let result = applied(to: map)
                return result.isEmpty ? nil : .map(result)
            case .list(let elements) where !indexes.isEmpty:
                let result = indexes.compactMap { index, node in
                    elements.indices.contains(index) ? node.applied(to: elements[index]) : nil
                }
                return result.isEmpty ? nil : .list(result)
            default: return nil
            }
        }
    }

    package let paths: [Path]
    private let root: Node

    package init(_ paths: [Path]) {
        self.paths = paths
        root = Node(paths.map { $0.all[...] })
    }

    /// Top-level attributes, as `AttributesToGet` names them.
    package init(attributes: [String]) { self.init(attributes.map { Path($0) }) }

    package func applied(to item: Item) -> Item { root.applied(to: item) }

    static func read(_ text: String, _ placeholders: inout Placeholders) throws(ExpressionError) -> Projection {
        let syntax = try ExpressionParser.projection(text)
        for steps in syntax { try SyntaxCheck.check(steps) }
        var paths: [Path] = []
        for steps in syntax { paths.append(try placeholders.path(steps)) }
        try Path.checkDistinct(paths)
        return Projection(paths)
    }
}
