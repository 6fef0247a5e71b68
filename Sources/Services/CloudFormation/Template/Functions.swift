import AWSWire
import JSON

// The functions that give a value, one by one. Messages are AWS's.

extension Evaluator {
    func ref(_ argument: JSON) throws(AWSError) -> JSON? {
        guard let name = argument.string else {
            throw CloudFormationError.template("every Ref object must have a single String value.")
        }
        if name == PseudoParameters.noValue { return nil }
        return try named(name, nil)
    }

    /// The value of a parameter, a pseudo parameter, a resource or its attribute.
    private func named(_ name: String, _ attribute: String?) throws(AWSError) -> JSON {
        if attribute == nil, let value = parameters[name] ?? pseudo[name] { return value }
        guard let value = try resource(name, attribute) else {
            throw CloudFormationError.unresolved([name], block: "Resources")
        }
        return value
    }

    func getAtt(_ argument: JSON) throws(AWSError) -> JSON {
        let (name, attribute) = try Self.attribute(argument)
        guard let attribute = try text(attribute) else { throw Self.getAttArguments }
        return try named(name, attribute)
    }

    private static var getAttArguments: AWSError {
        CloudFormationError.template(
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute")
    }

    /// Both forms of the argument: `[resource, attribute, …]` and `"resource.attribute"`.
    static func attribute(_ argument: JSON) throws(AWSError) -> (resource: String, attribute: JSON) {
        if let text = argument.string, let dot = text.firstIndex(of: ".") {
            let attribute = text[text.index(after: dot)...]
            if !attribute.isEmpty, dot > text.startIndex { return (String(text[..<dot]), .string(String(attribute))) }
        }
        guard let parts = argument.array, parts.count >= 2, let name = parts[0].string, !name.isEmpty else {
            throw getAttArguments
        }
        guard parts.count > 2 else { return (name, parts[1]) }
        return (name, .string(parts.dropFirst().compactMap(\.string).joined(separator: ".")))
    }

    func sub(_ argument: JSON) throws(AWSError) -> String {
        let (text, map) = try Self.subArguments(argument)
        var result = ""
        for part in try SubText(text).parts {
            switch part {
            case .literal(let literal): result += literal
            case .variable(let name): result += try variable(name, map)
            }
        }
        return result
    }

    static func subArguments(_ argument: JSON) throws(AWSError) -> (text: String, map: JSON.Object) {
        if let text = argument.string { return (text, [:]) }
        guard let parts = argument.array, parts.count == 2, let text = parts[0].string, let map = parts[1].object else {
            throw CloudFormationError.template(
                "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first "
                    + "argument, and an optional second argument to specify a mapping of values to replace in the string"
            )
        }
        return (text, map)
    }

    private func variable(_ name: String, _ map: JSON.Object) throws(AWSError) -> String {
        let found: JSON?
        if let own = map[name] {
            found = try value(own)
        } else if let dot = name.firstIndex(of: ".") {
            found = try named(String(name[..<dot]), String(name[name.index(after: dot)...]))
        } else {
            found = try named(name, nil)
        }
        guard let found, let text = Parameter.text(found) else {
            throw CloudFormationError.template(
                "Fn::Sub expression does not resolve to a string: \(name)")
        }
        return text
    }

    func join(_ argument: JSON) throws(AWSError) -> String {
        let wrong = CloudFormationError.template(
            "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined "
                + "or a function that returns a list of strings (such as Fn::GetAZs) to be joined.")
        guard let parts = argument.array, parts.count == 2, let delimiter = parts[0].string,
            let elements = try value(parts[1])?.array
        else { throw wrong }
        var texts: [String] = []
        for element in elements {
            guard let text = element.array == nil ? Parameter.text(element) : nil else { throw wrong }
            texts.append(text)
        }
        return texts.joined(separator: delimiter)
    }

    func split(_ argument: JSON) throws(AWSError) -> JSON {
        guard let parts = argument.array, parts.count == 2, let delimiter = parts[0].string, !delimiter.isEmpty,
            let source = try text(parts[1])
        else {
            throw CloudFormationError.template(
                "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a "
                    + "function that returns a string to be split.")
        }
        return .array(Self.split(source, at: delimiter).map { .string($0) })
    }

    private static func split(_ source: String, at delimiter: String) -> [String] {
        var pieces: [String] = []
        var rest = source[...]
        while let found = rest.firstRange(of: delimiter) {
            pieces.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        return pieces + [String(rest)]
    }

    func select(_ argument: JSON) throws(AWSError) -> JSON {
        guard let parts = argument.array, parts.count == 2, let position = try text(parts[0]),
            let elements = try value(parts[1])?.array
        else {
            throw CloudFormationError.template(
                "Fn::Select requires a list argument with two elements: an integer index and a list")
        }
        guard let index = Int(position), elements.indices.contains(index) else {
            throw CloudFormationError.template("Fn::Select  cannot select nonexistent value at index \(position)")
        }
        return elements[index]
    }

    func findInMap(_ argument: JSON) throws(AWSError) -> JSON? {
        guard let parts = argument.array, parts.count == 3 || (parts.count == 4 && isExtended) else {
            throw CloudFormationError.template(
                "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
            )
        }
        let fallback = parts.count == 4 ? parts[3]["DefaultValue"] : nil
        guard let name = try text(parts[0]), let key = try text(parts[1]), let attribute = try text(parts[2]) else {
            throw CloudFormationError.template(
                "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
            )
        }
        if let found = mappings[name]?[key]?[attribute] { return found }
        if let fallback { return try value(fallback) }
        guard mappings[name] != nil else {
            throw CloudFormationError.template(
                "Mapping named '\(name)' is not present in the 'Mappings' section of template.")
        }
        throw CloudFormationError.template("Unable to get mapping for \(name)::\(key)::\(attribute)")
    }

    func base64(_ argument: JSON) throws(AWSError) -> JSON {
        guard let text = try text(argument) else {
            throw CloudFormationError.template("every Fn::Base64 object must have a String-typed value.")
        }
        return .string(Base64.encode(Array(text.utf8)))
    }

    func cidr(_ argument: JSON) throws(AWSError) -> JSON {
        let wrong = CloudFormationError.template(
            "every Fn::Cidr object requires two parameters, (1) ipBlock and (2) count, and an optional third, cidrBits")
        guard let parts = argument.array, parts.count == 2 || parts.count == 3, let block = try text(parts[0]),
            let count = try text(parts[1]).flatMap({ Int($0) })
        else { throw wrong }
        var bits = block.contains(":") ? 64 : 8
        if parts.count == 3 {
            guard let given = try text(parts[2]).flatMap({ Int($0) }) else { throw wrong }
            bits = given
        }
        guard let blocks = Cidr.blocks(block, count: count, hostBits: bits) else {
            throw CloudFormationError.template("Fn::Cidr cannot cut \(count) blocks with \(bits) bits from \(block)")
        }
        return .array(blocks.map { .string($0) })
    }

    /// Assumed: three zones per region, six in us-east-1.
    func getAZs(_ argument: JSON) throws(AWSError) -> JSON {
        guard let given = try text(argument) else {
            throw CloudFormationError.template("every Fn::GetAZs object must have a String-typed value.")
        }
        let region = given.isEmpty ? pseudo.region : given
        return .array((region == "us-east-1" ? "abcdef" : "abc").map { .string("\(region)\($0)") })
    }

    func importValue(_ argument: JSON) throws(AWSError) -> JSON {
        guard let name = try text(argument) else {
            throw CloudFormationError.template("the attribute in Fn::ImportValue must evaluate to a string")
        }
        guard let value = try export(name) else {
            throw CloudFormationError.validation("No export named \(name) found.")
        }
        return .string(value)
    }

    func length(_ argument: JSON) throws(AWSError) -> JSON {
        guard let elements = try value(argument)?.array else {
            throw CloudFormationError.template("Fn::Length requires a list as its argument")
        }
        return .number(elements.count)
    }

    func toJsonString(_ argument: JSON) throws(AWSError) -> JSON {
        guard let value = try value(argument), value.object != nil || value.array != nil else {
            throw CloudFormationError.template("Fn::ToJsonString requires an object or a list as its argument")
        }
        return .string(value.text())
    }
}
