/// Which step a `%` means. A slot travels outwards until enough steps lie between it and the `%`; that step then keeps
/// what it came from under the slot's name.
enum Ancestry {
    /// What a part looks for outside of itself, the whole looks for too.
    static func pass(_ part: Node, to whole: Node) {
        whole.seekingParents += part.seekingParents
        if let parent = part as? ParentNode { whole.seekingParents.append(parent.slot) }
    }

    static func resolve(_ path: PathNode) throws(Failure) {
        guard let last = path.steps.last else { return }
        var slots = last.seekingParents
        if let parent = last as? ParentNode { slots.append(parent.slot) }
        for slot in slots {
            var index = path.steps.count - 2
            while slot.level > 0 {
                guard index >= 0 else {
                    path.seekingParents.append(slot)
                    break
                }
                var step = path.steps[index]
                index -= 1
                // Steps that bind `@` one behind the other all start from the same item.
                while index >= 0, step.focus != nil, path.steps[index].focus != nil {
                    step = path.steps[index]
                    index -= 1
                }
                try seek(step, slot)
            }
        }
    }

    static func seek(_ node: Node, _ slot: Slot) throws(Failure) {
        switch node {
        case is NameNode, is WildcardNode:
            slot.level -= 1
            guard slot.level == 0 else { return }
            if let known = node.ancestor { slot.symbol = known.symbol }
            node.ancestor = slot
            node.isTuple = true
        case is ParentNode: slot.level += 1
        case let block as BlockNode:
            guard let last = block.expressions.last else { return }
            block.isTuple = true
            try seek(last, slot)
        case let path as PathNode:
            path.isTuple = true
            var index = path.steps.count - 1
            repeat {
                try seek(path.steps[index], slot)
                index -= 1
            } while slot.level > 0 && index >= 0
        default: throw Failure("S0217", position: node.position, token: node.type)
        }
    }
}
