import AWSWire

/// What IAM keeps: each kind with its names, its ids and its errors.
enum Kind: String, Sendable {
    case role, user, group
    case profile = "instance-profile"
    case policy

    /// As member names begin with it: `RoleName`.
    var member: String {
        switch self {
        case .role: "Role"
        case .user: "User"
        case .group: "Group"
        case .profile: "InstanceProfile"
        case .policy: "Policy"
        }
    }

    /// The first four characters of ids, which have 21.
    var idPrefix: String {
        switch self {
        case .role: "AROA"
        case .user: "AIDA"
        case .group: "AGPA"
        case .profile: "AIPA"
        case .policy: "ANPA"
        }
    }

    func notFound(_ name: String) -> AWSError {
        switch self {
        case .profile: IAMError.notFound("Instance Profile \(name) cannot be found.")
        case .policy: IAMError.notFound("Policy \(name) was not found.")
        default: IAMError.notFound("The \(rawValue) with name \(name) cannot be found.")
        }
    }

    func exists(_ name: String) -> AWSError {
        switch self {
        case .profile: IAMError.exists("Instance Profile \(name) already exists.")
        case .policy: IAMError.exists("A policy called \(name) already exists. Duplicate names are not allowed.")
        default: IAMError.exists("\(member) with name \(name) already exists.")
        }
    }
}
