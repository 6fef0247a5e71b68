import AWSWire
import BatonCore
import BatonStore
import JSON

// Passwords of users, for a console that is not there: that there is one is kept, the password is not. Source: API
// reference, the operations' own pages.

enum LoginProfiles {
    static let operations: [any Operation.Type] = [
        CreateLoginProfile.self, GetLoginProfile.self, UpdateLoginProfile.self, DeleteLoginProfile.self,
    ]

    static func missing(_ user: String) -> AWSError {
        IAMError.notFound("Login Profile for User \(user) cannot be found.")
    }

    static func shown(_ user: Entity) -> JSON {
        var shown = user.body["login"] ?? [:]
        shown["UserName"] = .string(user.name)
        return shown
    }
}

/// Errors: NoSuchEntity, EntityAlreadyExists.
enum CreateLoginProfile: WriteOperation {
    typealias Input = JSON
    typealias Output = JSON

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<JSON> {
        let name = try Caller.userName(input["UserName"]?.string, context)
        return { transaction in
            var user = try Entity.existing(.user, name, context.account, transaction.db)
            guard user.body["login"] == nil else {
                throw IAMError.exists("Login Profile for user \(user.name) already exists.")
            }
            user.body["login"] = [
                "CreateDate": .number(Int(transaction.nowMs / 1000)),
                "PasswordResetRequired": input["PasswordResetRequired"] ?? false,
            ]
            try user.update(transaction)
            return ["LoginProfile": LoginProfiles.shown(user)]
        }
    }
}

/// Errors: NoSuchEntity.
enum GetLoginProfile: Operation {
    static func run(_ input: JSON, _ context: Context) async throws(AWSError) -> JSON {
        let name = try Caller.userName(input["UserName"]?.string, context)
        let user = try context.read { db in try Entity.existing(.user, name, context.account, db) }
        guard user.body["login"] != nil else { throw LoginProfiles.missing(name) }
        return ["LoginProfile": LoginProfiles.shown(user)]
    }
}

/// Errors: NoSuchEntity.
enum UpdateLoginProfile: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let name = input["UserName"]?.string ?? ""
        return Entity.change(.user, name, context) { user, _ in
            guard user.body["login"] != nil else { throw LoginProfiles.missing(name) }
            if let isRequired = input["PasswordResetRequired"] {
                user.body["login"]?["PasswordResetRequired"] = isRequired
            }
        }
    }
}

/// Errors: NoSuchEntity.
enum DeleteLoginProfile: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        let name = try Caller.userName(input["UserName"]?.string, context)
        return Entity.change(.user, name, context) { user, _ in
            guard user.body["login"] != nil else { throw LoginProfiles.missing(name) }
            user.body["login"] = nil
        }
    }
}
