import AWSWire
import JSON

/// Evaluates the functions in a tree of a template.
struct Evaluator {
    var parameters: [String: JSON] = [:]
    var pseudo: PseudoParameters
    var mappings: JSON.Object = [:]
    /// Name → value of each condition of the template.
    var conditions: [String: Bool] = [:]
    /// Functions that only come with the transform `AWS::LanguageExtensions`.
    var isExtended = false
    /// The physical id of a resource, or one of its attributes; nil for a resource that the stack does not have.
    var resource: (_ logicalId: String, _ attribute: String?) throws(AWSError) -> JSON?
    /// The value of an export of another stack; nil when there is none.
    var export: (_ name: String) throws(AWSError) -> String?

    /// The tree with every function replaced by its value; nil stands for `AWS::NoValue`: whoever holds it drops it.
    func value(_ tree: JSON) throws(AWSError) -> JSON? {
        switch tree {
        case .object(let object):
            if let call = FunctionCall(object) { return try self.call(call) }
            var result = JSON.Object()
            for (key, member) in object {
                if let value = try value(member) { result[key] = value }
            }
            return .object(result)
        case .array(let elements):
            var result: [JSON] = []
            for element in elements {
                if let value = try value(element) { result.append(value) }
            }
            return .array(result)
        default: return tree
        }
    }

    /// The tree with only the functions that decide about its form evaluated: `Fn::If` replaced by its branch and
    /// `AWS::NoValue` dropped. What is left shows which resources the tree really needs.
    func pruned(_ tree: JSON) throws(AWSError) -> JSON? {
        switch tree {
        case .object(let object):
            if let call = FunctionCall(object) {
                if call.name == "Fn::If" { return try pruned(branch(call.argument)) }
                if call.name == "Ref", call.argument.string == PseudoParameters.noValue { return nil }
            }
            var result = JSON.Object()
            for (key, member) in object {
                if let value = try pruned(member) { result[key] = value }
            }
            return .object(result)
        case .array(let elements):
            var result: [JSON] = []
            for element in elements {
                if let value = try pruned(element) { result.append(value) }
            }
            return .array(result)
        default: return tree
        }
    }

    private func call(_ call: FunctionCall) throws(AWSError) -> JSON? {
        let argument = call.argument
        switch call.name {
        case "Ref": return try ref(argument)
        case "Fn::GetAtt": return try getAtt(argument)
        case "Fn::Sub": return .string(try sub(argument))
        case "Fn::Join": return .string(try join(argument))
        case "Fn::Split": return try split(argument)
        case "Fn::Select": return try select(argument)
        case "Fn::FindInMap": return try findInMap(argument)
        case "Fn::If": return try value(branch(argument))
        case "Fn::Base64": return try base64(argument)
        case "Fn::Cidr": return try cidr(argument)
        case "Fn::GetAZs": return try getAZs(argument)
        case "Fn::ImportValue": return try importValue(argument)
        case "Fn::Length" where isExtended: return try length(argument)
        case "Fn::ToJsonString" where isExtended: return try toJsonString(argument)
        case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition":
            return .bool(try ConditionEvaluator(self).bool(.object([call.name: argument])))
        default: throw Self.unsupported(call.name)
        }
    }

    static func unsupported(_ name: String) -> AWSError {
        CloudFormationError.template(
            "Encountered unsupported function: \(name) Supported functions are: "
                + "[Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, "
                + "Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, "
                + "Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]")
    }

    /// The value as the text that functions join and compare; nil for lists and maps.
    func text(_ tree: JSON) throws(AWSError) -> String? {
        switch try value(tree) {
        case .string(let text)?: text
        case .number(let number)?: number.text
        case .bool(let value)?: value ? "true" : "false"
        default: nil
        }
    }

    private func branch(_ argument: JSON) throws(AWSError) -> JSON {
        guard let parts = argument.array, parts.count == 3, let name = parts[0].string else {
            throw CloudFormationError.template(
                "Fn::If requires a list argument with the first element being a condition")
        }
        guard let isTrue = conditions[name] else {
            throw CloudFormationError.template(
                "Unresolved dependencies [\(name)]. Cannot reference resources in the Conditions block of the template")
        }
        return isTrue ? parts[1] : parts[2]
    }
}

/// `{"Ref": …}`, `{"Fn::…": …}` or `{"Condition": "…"}`: an object with this one member.
struct FunctionCall {
    let name: String
    let argument: JSON

    init?(_ object: JSON.Object) {
        guard object.count == 1, let member = object.members.first else { return nil }
        let isCondition = member.key == "Condition" && member.value.string != nil
        guard member.key == "Ref" || member.key.hasPrefix("Fn::") || isCondition else { return nil }
        name = member.key
        argument = member.value
    }
}
