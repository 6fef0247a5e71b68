import AWSModel
public import JSON

/// Gives the members of an operation's output the names that the model has for them.
enum Spelling {
    static func corrected(_ tree: JSON, _ shape: Shape?) -> JSON {
        guard let shape else { return [:] }
        let tree = tree.parsed
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

extension Registry {
    /// The input of an operation that was written by other conventions: members in the case of the API reference, blobs as
    /// plain text. What the model does not know stays as it is.
    public func spelled(_ service: String, _ operation: String, _ input: JSON) -> JSON {
        Spelling.adopted(input, ServiceModel.named(service)?.operations[operation]?.input)
    }
}

extension Spelling {
    fileprivate static func adopted(_ tree: JSON, _ shape: Shape?) -> JSON {
        guard let shape else { return tree }
        switch (tree, shape.kind) {
        case (.object(let object), .structure):
            return .object(
                JSON.Object(
                    object.map { name, value in
                        let member = shape.member(caseless: name)
                        return (member?.name ?? name, adopted(value, member?.shape))
                    }))
        case (.object(let object), .map):
            return .object(JSON.Object(object.map { ($0.key, adopted($0.value, shape.value?.shape)) }))
        case (.array(let elements), .list): return .array(elements.map { adopted($0, shape.element?.shape) })
        case (.string(let text), .blob): return .bytes(Array(text.utf8))
        case (.object, .blob): return .bytes(tree.serialized())
        default: return tree
        }
    }
}
