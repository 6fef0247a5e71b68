import AWSWire
import JSON

/// One declared parameter. Source: CloudFormation user guide, Parameters.
struct Parameter: Sendable {
    var name: String
    var type: Kind
    /// As it stands in the template, for example `AWS::EC2::Subnet::Id`.
    var typeName: String
    var defaultValue: String?
    var allowedValues: [String]
    var allowedPattern: String?
    var minLength: Int?
    var maxLength: Int?
    var minValue: JSON.Number?
    var maxValue: JSON.Number?
    var noEcho: Bool
    var description: String?
    var constraintDescription: String?

    indirect enum Kind: Sendable, Equatable {
        case string
        case number
        case numberList
        /// `CommaDelimitedList` and the lists of AWS-specific types.
        case list
        /// `AWS::SSM::Parameter::Value<…>`: the given value is the name of a parameter in the parameter store.
        case stored(Kind)

        var isList: Bool {
            switch self {
            case .numberList, .list: true
            case .string, .number: false
            case .stored(let kind): kind.isList
            }
        }
    }

    private static let members: Set<String> = [
        "Type", "Default", "AllowedValues", "AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue",
        "NoEcho",
        "Description", "ConstraintDescription",
    ]

    init(_ name: String, _ declaration: JSON) throws(AWSError) {
        guard let object = declaration.object else {
            throw CloudFormationError.format("Every Parameters object must be a map")
        }
        for key in object.keys where !Self.members.contains(key) {
            throw CloudFormationError.validation("Invalid template parameter property '\(key)'")
        }
        guard let typeName = object["Type"]?.string else {
            throw CloudFormationError.format("Every Parameters object must contain a Type member.")
        }
        guard let type = Self.kind(typeName) else {
            throw CloudFormationError.format("Unrecognized parameter type: \(typeName)")
        }
        self.name = name
        self.type = type
        self.typeName = typeName
        if let given = object["Default"] {
            guard let text = Self.text(given) else {
                throw CloudFormationError.format("Every Default member must be a string.")
            }
            defaultValue = text
        }
        allowedValues = try Self.allowed(object["AllowedValues"])
        allowedPattern = object["AllowedPattern"]?.string
        minLength = try Self.whole(object["MinLength"], "MinLength", name)
        maxLength = try Self.whole(object["MaxLength"], "MaxLength", name)
        minValue = try Self.number(object["MinValue"], "MinValue", name)
        maxValue = try Self.number(object["MaxValue"], "MaxValue", name)
        noEcho = object["NoEcho"].flatMap(Self.text)?.lowercased() == "true"
        description = object["Description"]?.string
        constraintDescription = object["ConstraintDescription"]?.string
    }

    /// A value of the template as the text that a caller would have given; nil for an object or a list of lists.
    static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): return text
        case .number(let number): return number.text
        case .bool(let value): return value ? "true" : "false"
        case .array(let elements):
            let texts = elements.compactMap { $0.array == nil ? text($0) : nil }
            return texts.count == elements.count ? texts.joined(separator: ",") : nil
        default: return nil
        }
    }

    private static func allowed(_ given: JSON?) throws(AWSError) -> [String] {
        guard let given else { return [] }
        guard let elements = given.array else {
            throw CloudFormationError.format("Every AllowedValues member must be a list.")
        }
        return elements.compactMap(text)
    }

    private static func whole(_ given: JSON?, _ member: String, _ name: String) throws(AWSError) -> Int? {
        guard let given else { return nil }
        guard let value = text(given).flatMap({ Int($0) }), value >= 0 else {
            throw CloudFormationError.format("Every \(member) member must be a number.")
        }
        return value
    }

    private static func number(_ given: JSON?, _ member: String, _ name: String) throws(AWSError) -> JSON.Number? {
        guard let given else { return nil }
        guard let text = text(given), let value = Double(text), value.isFinite else {
            throw CloudFormationError.format("Every \(member) member must be a number.")
        }
        return JSON.Number(unchecked: text)
    }

    private static let resourceIds: Set<String> = [
        "AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id",
        "AWS::EC2::KeyPair::KeyName",
        "AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id",
        "AWS::EC2::Volume::Id",
        "AWS::EC2::VPC::Id", "AWS::Route53::HostedZone::Id",
    ]

    private static func kind(_ name: String) -> Kind? {
        switch name {
        case "String", "AWS::SSM::Parameter::Name": return .string
        case "Number": return .number
        case "List<Number>": return .numberList
        case "CommaDelimitedList": return .list
        default: break
        }
        if resourceIds.contains(name) { return .string }
        if let inner = inside(name, "List<") { return resourceIds.contains(inner) || inner == "String" ? .list : nil }
        guard let inner = inside(name, "AWS::SSM::Parameter::Value<") else { return nil }
        if inner == "String" || resourceIds.contains(inner) { return .stored(.string) }
        if inner == "CommaDelimitedList" { return .stored(.list) }
        guard let element = inside(inner, "List<"), element == "String" || resourceIds.contains(element) else {
            return nil
        }
        return .stored(.list)
    }

    private static func inside(_ name: String, _ prefix: String) -> String? {
        guard name.hasPrefix(prefix), name.hasSuffix(">") else { return nil }
        return String(name.dropFirst(prefix.count).dropLast())
    }
}
