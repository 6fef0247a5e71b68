import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

// Text messages. Baton takes them and sends none; what the account says of them is kept and shown. Source: API
// reference, the operations' own pages.

/// The account's settings of one region, and the phone numbers that it names.
enum TextMessages {
    static let migration = Migration(
        name: "sns-2",
        sql: """
            CREATE TABLE sns_text (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
                PRIMARY KEY (account, region, kind, name)) STRICT, WITHOUT ROWID;
            """)

    static let operations: [any Operation.Type] = [
        SetSMSAttributes.self, GetSMSAttributes.self, CheckIfPhoneNumberIsOptedOut.self,
        ListPhoneNumbersOptedOut.self, OptInPhoneNumber.self, GetSMSSandboxAccountStatus.self,
        CreateSMSSandboxPhoneNumber.self, DeleteSMSSandboxPhoneNumber.self, ListSMSSandboxPhoneNumbers.self,
        ListOriginationNumbers.self,
    ]

    static func all(_ kind: String, _ context: Context) throws(AWSError) -> [(name: String, value: String)] {
        try context.read { db in
            try db.rows(
                "SELECT name, value FROM sns_text WHERE account = ? AND region = ? AND kind = ? ORDER BY name",
                context.account, context.region, kind
            ).map { (name: $0["name"], value: $0["value"]) }
        }
    }

    static func put(
        _ kind: String, _ name: String, _ value: String, _ context: Context, _ transaction: Transaction
    ) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO sns_text (account, region, kind, name, value) VALUES (?, ?, ?, ?, ?)",
            context.account, context.region, kind, name, value)
    }

    static func checked(_ number: JSON?) throws(AWSError) -> String {
        let number = number?.string ?? ""
        guard Endpoint.isPhoneNumber(number) else {
            throw SNSError.invalidParameter("PhoneNumber Reason: input incorrectly formatted")
        }
        return number
    }
}

/// Keeps settings for text messages. Errors: InvalidParameter.
enum SetSMSAttributes: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    /// What a value must be one of; empty: anything.
    private static let known: [String: [String]] = [
        "MonthlySpendLimit": [], "DeliveryStatusIAMRole": [],
        "DeliveryStatusSuccessSamplingRate": [], "DefaultSenderID": [],
        "DefaultSMSType": ["Promotional", "Transactional"], "UsageReportS3Bucket": [],
    ]

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let attributes = (input["attributes"]?.object ?? [:]).map { ($0.key, $0.value.string ?? "") }
        for (name, value) in attributes {
            guard let values = known[name] else { throw SNSError.invalidParameter("\(name) is not a valid attribute") }
            guard values.isEmpty || values.contains(value) else {
                throw SNSError.invalidParameter("\(name) is not valid")
            }
        }
        return { transaction in
            for (name, value) in attributes {
                try TextMessages.put("attribute", name, value, context, transaction)
            }
            return Nothing()
        }
    }
}

/// The settings, all or those asked for.
enum GetSMSAttributes: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let wanted = input["attributes"]?.array
        let all = try TextMessages.all("attribute", context).filter { name, _ in
            wanted?.contains(.string(name)) ?? true
        }
        return ["attributes": .object(JSON.Object(all.map { ($0.name, .string($0.value)) }))]
    }
}

/// Nobody has opted out.
enum CheckIfPhoneNumberIsOptedOut: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        _ = try TextMessages.checked(input["phoneNumber"])
        return ["isOptedOut": false]
    }
}

enum ListPhoneNumbersOptedOut: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { ["phoneNumbers": []] }
}

enum OptInPhoneNumber: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        _ = try TextMessages.checked(input["phoneNumber"])
        return [:]
    }
}

/// Accounts of Baton are not in the sandbox: every number is taken.
enum GetSMSSandboxAccountStatus: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { ["IsInSandbox": false] }
}

/// Keeps a number; it stays `Pending`, since no code is sent to verify it with. Errors: InvalidParameter, UserError.
enum CreateSMSSandboxPhoneNumber: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let number = try TextMessages.checked(input["PhoneNumber"])
        return { transaction in
            try TextMessages.put("sandbox", number, "Pending", context, transaction)
            return Nothing()
        }
    }
}

/// Errors: ResourceNotFound.
enum DeleteSMSSandboxPhoneNumber: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let number = try TextMessages.checked(input["PhoneNumber"])
        return { transaction in
            let removed = try transaction.execute(
                "DELETE FROM sns_text WHERE account = ? AND region = ? AND kind = 'sandbox' AND name = ?",
                context.account, context.region, number)
            guard removed > 0 else { throw SNSError.resourceNotFound }
            return Nothing()
        }
    }
}

enum ListSMSSandboxPhoneNumbers: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let all = try TextMessages.all("sandbox", context)
        return [
            "PhoneNumbers": .array(all.map { ["PhoneNumber": .string($0.name), "Status": .string($0.value)] })
        ]
    }
}

enum ListOriginationNumbers: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON { ["PhoneNumbers": []] }
}
