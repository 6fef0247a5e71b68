import AWSWire
import BatonCore
import JSON

// Event sources of partners. An account to which no partner sends has none; and no account of Baton is a partner's.

/// None. Source: API reference, ListEventSources.
enum ListEventSources: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { ["EventSources": []] }
}

/// Errors: ResourceNotFoundException, always. Source: API reference, DescribeEventSource.
enum DescribeEventSource: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        throw PartnerSources.missing(input)
    }
}

/// Errors: ResourceNotFoundException, always. Source: API reference, ActivateEventSource.
enum ActivateEventSource: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        throw PartnerSources.missing(input)
    }
}

/// Errors: ResourceNotFoundException, always. Source: API reference, DeactivateEventSource.
enum DeactivateEventSource: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        throw PartnerSources.missing(input)
    }
}

/// None. Source: API reference, ListPartnerEventSources.
enum ListPartnerEventSources: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { ["PartnerEventSources": []] }
}

/// Errors: ResourceNotFoundException, always. Source: API reference, ListPartnerEventSourceAccounts.
enum ListPartnerEventSourceAccounts: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        throw PartnerSources.missing(input)
    }
}

/// Errors: ResourceNotFoundException, always. Source: API reference, DescribePartnerEventSource.
enum DescribePartnerEventSource: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        throw PartnerSources.missing(input)
    }
}

/// Errors: OperationDisabledException, always. Source: API reference, CreatePartnerEventSource.
enum CreatePartnerEventSource: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { throw PartnerSources.disabled }
}

/// Errors: OperationDisabledException, always. Source: API reference, DeletePartnerEventSource.
enum DeletePartnerEventSource: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { throw PartnerSources.disabled }
}

/// Errors: OperationDisabledException, always. Source: API reference, PutPartnerEvents.
enum PutPartnerEvents: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { throw PartnerSources.disabled }
}

enum PartnerSources {
    static let operations: [any Operation.Type] = [
        ListEventSources.self, DescribeEventSource.self, ActivateEventSource.self, DeactivateEventSource.self,
        ListPartnerEventSources.self, ListPartnerEventSourceAccounts.self, DescribePartnerEventSource.self,
        CreatePartnerEventSource.self, DeletePartnerEventSource.self, PutPartnerEvents.self,
    ]

    /// Assumed: the text.
    static func missing(_ input: JSON) -> AWSError {
        let name = input["Name"]?.string ?? input["EventSourceName"]?.string ?? ""
        return EventsError.notFound("Event source \(name) does not exist.")
    }

    /// Assumed: that this is what an account which is no partner's gets.
    static let disabled = AWSError(
        "OperationDisabledException", "The operation you are attempting is not available in this region.")
}
