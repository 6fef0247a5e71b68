public import JSON

/// A path that names exactly one place: members and indices only.
public struct ReferencePath: Sendable {
    /// As written.
    public let source: String
    let steps: [Step]

    enum Step: Sendable, Equatable {
        case member(String)
        case index(Int)
    }

    /// - Throws: `PathSyntaxError` for a text that is no path or may name several places.
    public init(_ source: String) throws(PathSyntaxError) {
        try self.init(Path(source))
    }

    init(_ path: Path) throws(PathSyntaxError) {
        guard path.root == .input else { throw PathSyntaxError(reason: "a reference path starts with $", offset: 0) }
        var steps: [Step] = []
        for step in path.steps {
            switch step {
            case .member(let name): steps.append(.member(name))
            case .index(let index) where index >= 0: steps.append(.index(index))
            default: throw PathSyntaxError(reason: "a reference path names one place", offset: 0)
            }
        }
        source = path.source
        self.steps = steps
    }

    /// Puts `value` at the place in `target`, making objects on the way.
    /// - Throws: `States.ResultPathMatchFailure` where something that is no object is in the way.
    public func insert(_ value: JSON, into target: JSON) throws(StatesError) -> JSON {
        var result = target
        guard Self.put(value, steps[...], &result) else {
            throw StatesError(
                "States.ResultPathMatchFailure",
                "Unable to apply ReferencePath \(source) to input \(target.text())")
        }
        return result
    }

    /// - Returns: false when the place cannot be made; `target` is then as it was.
    private static func put(_ value: JSON, _ steps: ArraySlice<Step>, _ target: inout JSON) -> Bool {
        guard let step = steps.first else {
            target = value
            return true
        }
        switch step {
        case .member(let name):
            guard case .object(var object) = target else { return false }
            target = .null  // gives up the shared reference, so that the change below happens in place
            var inner = object[name] ?? .object([:])
            let done = put(value, steps.dropFirst(), &inner)
            if done { object[name] = inner }
            target = .object(object)
            return done
        case .index(let index):
            guard case .array(var elements) = target, elements.indices.contains(index) else { return false }
            target = .null
            let done = put(value, steps.dropFirst(), &elements[index])
            target = .array(elements)
            return done
        }
    }
}
