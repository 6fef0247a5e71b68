import AWSWire
import JSON

/// What a tree of a template refers to, in the order of appearance.
struct References: Sendable, Equatable {
    /// `Ref` and plain `${variables}`: parameters, pseudo parameters and resources.
    var names: [String] = []
    /// Resources of `Fn::GetAtt`.
    var attributes: [String] = []
    /// Resources of `${Resource.Attribute}`, with the attribute.
    var subAttributes: [String] = []
    var conditions: [String] = []
    var mappings: [String] = []

    init(_ tree: JSON) throws(AWSError) { try visit(tree) }

    /// Everything that could be a resource.
    var resources: [String] { names + attributes + subAttributes.map { String($0.prefix { $0 != "." }) } }

    private mutating func visit(_ tree: JSON) throws(AWSError) {
        switch tree {
        case .array(let elements): for element in elements { try visit(element) }
        case .object(let object):
            if let call = FunctionCall(object) {
                try visit(call)
            } else {
                for (_, value) in object { try visit(value) }
            }
        default: break
        }
    }

    private mutating func visit(_ call: FunctionCall) throws(AWSError) {
        switch call.name {
        case "Ref":
            guard let name = call.argument.string else {
                throw CloudFormationError.template("every Ref object must have a single String value.")
            }
            names.append(name)
        case "Condition": conditions.append(call.argument.string ?? "")
        case "Fn::GetAtt":
            let (name, attribute) = try Evaluator.attribute(call.argument)
            attributes.append(name)
            try visit(attribute)
        case "Fn::Sub": try visitSub(call.argument)
        case "Fn::If":
            if let name = call.argument[0]?.string { conditions.append(name) }
            try visit(call.argument)
        case "Fn::FindInMap":
            if let name = call.argument[0]?.string { mappings.append(name) }
            try visit(call.argument)
        default: try visit(call.argument)
        }
    }

    private mutating func visitSub(_ argument: JSON) throws(AWSError) {
        let (text, map) = try Evaluator.subArguments(argument)
        for case .variable(let name) in try SubText(text).parts where map[name] == nil {
            if name.contains(".") { subAttributes.append(name) } else { names.append(name) }
        }
        for (_, value) in map { try visit(value) }
    }
}

extension References {
    /// Every attribute that is asked for by its plain name, with its resource.
    static func attributes(of tree: JSON) throws(AWSError) -> [(resource: String, attribute: String)] {
        var found: [(resource: String, attribute: String)] = []
        switch tree {
        case .array(let elements):
            for element in elements { found += try attributes(of: element) }
        case .object(let object):
            if let call = FunctionCall(object), call.name == "Fn::GetAtt" {
                let (name, attribute) = try Evaluator.attribute(call.argument)
                if let text = attribute.string { found.append((name, text)) }
            } else if let call = FunctionCall(object), call.name == "Fn::Sub" {
                let (text, map) = try Evaluator.subArguments(call.argument)
                for case .variable(let name) in try SubText(text).parts where map[name] == nil {
                    guard let dot = name.firstIndex(of: ".") else { continue }
                    found.append((String(name[..<dot]), String(name[name.index(after: dot)...])))
                }
                for (_, value) in map { found += try attributes(of: value) }
            } else {
                for (_, value) in object { found += try attributes(of: value) }
            }
        default: break
        }
        return found
    }
}
