import AWSWire
import BatonCore
import JSON

// Lists of what nobody can have here: devices, certificates and keys for signing in elsewhere. Terraform and the console
// read them before they remove a user.

enum Absent {
    static let operations: [any Operation.Type] = [
        ListMFADevices.self, ListVirtualMFADevices.self, ListSSHPublicKeys.self, ListSigningCertificates.self,
        ListServiceSpecificCredentials.self, ListServerCertificates.self, ListSAMLProviders.self,
    ]

    /// Errors: NoSuchEntity for a user that does not exist.
    static func list(_ member: String, _ input: JSON, _ context: Context) throws(AWSError) -> JSON {
        if let name = input["UserName"]?.string {
            _ = try context.read { db in try Entity.existing(.user, name, context.account, db) }
        }
        return [member: [], "IsTruncated": false]
    }
}

enum ListMFADevices: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("MFADevices", input, context)
    }
}
enum ListVirtualMFADevices: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("VirtualMFADevices", input, context)
    }
}
enum ListSSHPublicKeys: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("SSHPublicKeys", input, context)
    }
}
enum ListSigningCertificates: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("Certificates", input, context)
    }
}
enum ListServiceSpecificCredentials: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("ServiceSpecificCredentials", input, context)
    }
}
enum ListServerCertificates: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("ServerCertificateMetadataList", input, context)
    }
}
enum ListSAMLProviders: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        try Absent.list("SAMLProviderList", input, context)
    }
}
