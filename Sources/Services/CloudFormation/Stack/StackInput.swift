import AWSWire
import BatonCore
import JSON

/// The members that CreateStack, UpdateStack and CreateChangeSet have in common, and their own.
struct StackInput: Decodable, Sendable {
    struct ParameterInput: Decodable, Sendable {
        let parameterKey: String?
        let parameterValue: String?
        let usePreviousValue: Bool?
    }

    let stackName: String
    let templateBody: String?
    let templateURL: String?
    let usePreviousTemplate: Bool?
    let parameters: [ParameterInput]?
    let capabilities: [String]?
    let tags: [StackDefinition.Tag]?
    let notificationARNs: [String]?
    let roleARN: String?
    let rollbackConfiguration: JSON?
    let clientRequestToken: String?
    let disableRollback: Bool?
    let onFailure: String?
    let timeoutInMinutes: Int?
    let stackPolicyBody: String?
    let stackPolicyURL: String?
    let stackPolicyDuringUpdateBody: String?
    let stackPolicyDuringUpdateURL: String?
    let resourceTypes: [String]?
    let retainExceptOnCreate: Bool?
    let enableTerminationProtection: Bool?
    // CreateChangeSet
    let changeSetName: String?
    let changeSetType: String?
    let description: String?
    let clientToken: String?
    let onStackFailure: String?
    let includeNestedStacks: Bool?
    let importExistingResources: Bool?
    let deploymentMode: String?

    /// Names of new stacks: a letter, then letters, digits and hyphens, at most 128.
    func checkNewName() throws(AWSError) {
        let bytes = stackName.utf8
        let isLetter = { (byte: UInt8) in byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
        guard let first = bytes.first, isLetter(first),
            bytes.allSatisfy({ isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "-") })
        else {
            throw CloudFormationError.validation(
                "1 validation error detected: Value '\(stackName)' at 'stackName' failed to satisfy constraint: Member "
                    + "must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*")
        }
        guard bytes.count <= 128 else {
            throw CloudFormationError.validation(
                "1 validation error detected: Value '\(stackName)' at 'stackName' failed to satisfy constraint: Member "
                    + "must have length less than or equal to 128")
        }
    }

    /// What the stack shall be, everything resolved once so that mistakes show now.
    /// - Parameters:
    ///   - stack: the stack as it is, when it is changed.
    ///   - needsExpansion: whether transforms have to be acknowledged.
    func definition(
        changing stack: StackRecord?, pseudo: PseudoParameters, needsExpansion: Bool, _ context: Context
    ) async throws(AWSError) -> (StackDefinition, ResolvedTemplate) {
        let text: String
        if usePreviousTemplate == true {
            guard let stack, !stack.definition.template.isEmpty else {
                throw CloudFormationError.validation("Previous template is not available for stack \(stackName)")
            }
            text = stack.definition.template
        } else {
            text = try await TemplateText.load(templateBody, templateURL, context)
        }
        let source = try TemplateSource(text)
        var definition = StackDefinition(template: text)
        definition.parameters = try given(source.parameters, stack)
        definition.capabilities = capabilities ?? []
        definition.tags = tags ?? stack?.definition.tags ?? []
        definition.notificationARNs = notificationARNs ?? stack?.definition.notificationARNs ?? []
        definition.roleARN = roleARN ?? stack?.definition.roleARN
        definition.stored = try await TemplateText.stored(
            ParameterValues.storedNames(source.parameters, given: definition.given), context)
        try checkTags(definition.tags)
        definition.included = try await IncludeTransform.fetched(source, definition, pseudo, context)
        let resolved = try definition.resolved(pseudo)
        try checkResourceTypes(resolved.template)
        try resolved.template.checkCapabilities(
            definition.capabilities, transforms: needsExpansion ? source.transforms : [])
        return (definition, resolved)
    }

    private func given(_ declared: [Parameter], _ stack: StackRecord?) throws(AWSError) -> [StackDefinition.Given] {
        var result: [StackDefinition.Given] = []
        for parameter in parameters ?? [] {
            let name = parameter.parameterKey ?? ""
            guard parameter.usePreviousValue == true else {
                result.append(StackDefinition.Given(name: name, value: parameter.parameterValue ?? ""))
                continue
            }
            guard parameter.parameterValue == nil else {
                throw CloudFormationError.validation(
                    "Invalid input for parameter key \(name). Cannot specify usePreviousValue as true and non empty value for a parameter"
                )
            }
            let before = stack?.definition.parameters.last { $0.name == name }?.value
            // A default that was in force stays in force.
            guard let value = before ?? declared.first(where: { $0.name == name })?.defaultValue else {
                throw CloudFormationError.validation("Parameters: [\(name)] must have values")
            }
            result.append(StackDefinition.Given(name: name, value: value))
        }
        return result
    }

    /// `ResourceTypes` names what the caller is willing to work with: `AWS::*`, `AWS::SQS::*`, `Custom::*` or a type.
    private func checkResourceTypes(_ template: Template) throws(AWSError) {
        guard let allowed = resourceTypes, !allowed.isEmpty else { return }
        let others = Template.unique(template.resources.map(\.type)).filter { type in
            !allowed.contains { $0.hasSuffix("*") ? type.hasPrefix($0.dropLast()) : $0 == type }
        }
        guard others.isEmpty else {
            throw CloudFormationError.validation(
                "Resource types \(CloudFormationError.list(others)) are not allowed by parameter ResourceTypes")
        }
    }

    private func checkTags(_ tags: [StackDefinition.Tag]) throws(AWSError) {
        for tag in tags where tag.key.lowercased().hasPrefix("aws:") {
            throw CloudFormationError.validation("aws: prefixed tag key names are not allowed for external use.")
        }
    }

    /// The policies that the request brings, by body or by address.
    func policies(_ context: Context) async throws(AWSError) -> (lasting: String?, duringUpdate: String?) {
        func load(_ body: String?, _ url: String?) async throws(AWSError) -> String? {
            guard body != nil || url != nil else { return nil }
            return try StackPolicy.checked(try await TemplateText.load(body, url, context))
        }
        return (
            try await load(stackPolicyBody, stackPolicyURL),
            try await load(stackPolicyDuringUpdateBody, stackPolicyDuringUpdateURL)
        )
    }

    func settings(for template: Template) throws(AWSError) -> StackSettings {
        guard onFailure == nil || disableRollback == nil else {
            throw CloudFormationError.validation("You can specify only one of OnFailure and DisableRollback")
        }
        var settings = StackSettings()
        settings.disableRollback = disableRollback ?? false
        switch onFailure ?? onStackFailure {
        case "DO_NOTHING"?: settings.onFailure = .nothing
        case "DELETE"?: settings.onFailure = .delete
        default: settings.onFailure = settings.disableRollback ? .nothing : .rollback
        }
        settings.timeoutMinutes = timeoutInMinutes
        settings.terminationProtection = enableTerminationProtection ?? false
        settings.retainsExceptOnCreate = retainExceptOnCreate ?? false
        settings.description = template.description
        settings.rollbackConfiguration = rollbackConfiguration
        settings.clientToken = clientRequestToken
        return settings
    }
}

/// Texts of templates and values that come from other services.
enum TemplateText {
    static func load(_ body: String?, _ url: String?, _ context: Context) async throws(AWSError) -> String {
        guard (body == nil) != (url == nil) else {
            throw CloudFormationError.validation(
                body == nil
                    ? "Either Template URL or Template Body must be specified."
                    : "Only one of Template URL and Template Body can be specified.")
        }
        if let body {
            guard body.utf8.count <= TemplateLimit.body else {
                throw CloudFormationError.validation(
                    "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have "
                        + "length less than or equal to \(TemplateLimit.body)")
            }
            return body
        }
        return try await fetch(url ?? "", context)
    }

    private static func fetch(_ url: String, _ context: Context) async throws(AWSError) -> String {
        guard let (bucket, key) = S3Address.parse(url) else {
            throw CloudFormationError.validation(
                "S3 error: Domain name specified in \(host(url)) is not a valid S3 domain")
        }
        let output: JSON
        do throws(AWSError) {
            output = try await context.call("s3", "GetObject", ["Bucket": .string(bucket), "Key": .string(key)])
        } catch {
            throw CloudFormationError.validation(
                "S3 error: \(error.message)\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
            )
        }
        guard let bytes = output.member("Body")?.bytes, bytes.count <= TemplateLimit.object,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw CloudFormationError.validation("Template file referenced by \(url) is too large or is no text.")
        }
        return text
    }

    private static func host(_ url: String) -> Substring {
        url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
    }

    /// The values of names in the parameter store.
    static func stored(_ names: [String], _ context: Context) async throws(AWSError) -> [String: String] {
        var values: [String: String] = [:]
        var rest = Template.unique(names)[...]
        while !rest.isEmpty {
            // The store answers for ten names at once.
            let some = rest.prefix(10)
            rest = rest.dropFirst(10)
            let output: JSON
            do throws(AWSError) {
                output = try await context.call("ssm", "GetParameters", ["Names": .array(some.map { .string($0) })])
            } catch {
                throw CloudFormationError.validation(
                    "Unable to fetch parameters [\(some.joined(separator: ","))] from parameter store for this account."
                )
            }
            for parameter in output.member("Parameters")?.array ?? [] {
                guard let name = parameter.member("Name")?.string else { continue }
                values[name + (parameter.member("Selector")?.string ?? "")] = parameter.member("Value")?.string
            }
        }
        return values
    }
}

/// Addresses of objects, as AWS writes them and as a local endpoint does.
enum S3Address {
    static func parse(_ url: String) -> (bucket: String, key: String)? {
        guard let colon = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<colon.lowerBound]
        let rest = url[colon.upperBound...].prefix { $0 != "?" }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, scheme == "https" || scheme == "http" || scheme == "s3" else { return nil }
        let (host, path) = (parts[0], parts[1])
        if scheme == "s3" { return object(host, path) }
        let name = host.prefix { $0 != ":" }
        // bucket.s3.region.amazonaws.com, bucket.s3-region.amazonaws.com, bucket.s3.localhost…
        if let dot = name.firstRange(of: ".s3.") ?? name.firstRange(of: ".s3-") {
            return object(name[..<dot.lowerBound], path)
        }
        let isAddressed = name.hasPrefix("s3.") || name.hasPrefix("s3-") || !name.hasSuffix("amazonaws.com")
        guard isAddressed, let slash = path.firstIndex(of: "/") else { return nil }
        return object(path[..<slash], path[path.index(after: slash)...])
    }

    private static func object(_ bucket: Substring, _ key: Substring) -> (bucket: String, key: String)? {
        guard !bucket.isEmpty, !key.isEmpty, let decoded = decoded(key) else { return nil }
        return (String(bucket), decoded)
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
