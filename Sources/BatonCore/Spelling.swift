import AWSModel
import JSON

/// Gives the members of an operation's output the names that the model has for them.
enum Spelling {
    static func corrected(_ tree: JSON, _ shape: Shape?) -> JSON {
        guard let shape else { return [:] }
        switch (tree, shape.kind) {
        case (.object(let object), .structure):
            var result = JSON.Object()
            result.reserveCapacity(object.count)
            for (name, value) in object {
                guard let member = shape.member(caseless: name), !value.isNull else { continue }
                result[member.name] = corrected(value, member.shape)
            }
            return .object(result)
        case (.object(let object), .map):
            return .object(JSON.Object(object.map { ($0.key, corrected($0.value, shape.value?.shape)) }))
        case (.array(let elements), .list):
            return .array(elements.map { corrected($0, shape.element?.shape) })
        default: return tree
        }
    }
}
