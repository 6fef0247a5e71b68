import JSON

/// The role that the transform makes for a function or a state machine without one.
enum ServerlessRole {
    static func trust(_ service: String) -> JSON {
        [
            "Version": "2012-10-17",
            "Statement": [
                ["Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": ["Service": [.string(service)]]]
            ],
        ]
    }

    /// - Parameters:
    ///   - given: the properties of the function or the machine.
    ///   - managed: policies that the role always has.
    static func properties(
        _ logicalId: String, _ given: JSON.Object, trust: JSON, managed: [JSON] = []
    ) -> JSON {
        var managed = managed
        var inline: [JSON] = []
        let policies = given["Policies"]
        for policy in policies?.array ?? policies.map({ [$0] }) ?? [] {
            if let name = policy.string {
                managed.append(.string(name.hasPrefix("arn:") ? name : "arn:aws:iam::aws:policy/\(name)"))
            } else if policy["Statement"] != nil {
                inline.append([
                    "PolicyName": .string("\(logicalId)RolePolicy\(inline.count)"), "PolicyDocument": policy,
                ])
            } else if let object = policy.object, FunctionCall(object) != nil {
                managed.append(policy)
            }
            // Policy templates grant what a local Baton does not refuse; they leave no trace here.
        }
        var properties: JSON = ["AssumeRolePolicyDocument": trust, "ManagedPolicyArns": .array(managed)]
        if !inline.isEmpty { properties["Policies"] = .array(inline) }
        properties["PermissionsBoundary"] = given["PermissionsBoundary"]
        properties["Path"] = given["RolePath"]
        return properties
    }
}
