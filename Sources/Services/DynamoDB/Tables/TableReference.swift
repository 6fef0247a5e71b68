import AWSWire
import BatonCore
import DynamoDBExpressions

/// How a request names a table: by its name or by its ARN.
enum TableReference {
    /// The name, checked.
    static func name(_ reference: String, _ context: Context) throws(AWSError) -> String {
        guard reference.utf8.starts(with: "arn:".utf8) else {
            try check(reference, at: "tableName")
            return reference
        }
        guard let arn = ARN(reference), arn.service == "dynamodb", arn.resource.hasPrefix("table/") else {
            throw .validation("Invalid TableArn: Invalid ResourceArn provided as input \(reference)")
        }
        // Only the own account and region can be here.
        guard arn.account == context.account, arn.region == context.region else { throw .resourceNotFound }
        return String(arn.resource.dropFirst("table/".count))
    }

    /// Names of tables and indexes have 3 to 255 characters of `a–z A–Z 0–9 _ . -`.
    static func check(_ name: String, at member: String) throws(AWSError) {
        let bytes = name.utf8
        if bytes.count < 3 {
            throw .constraint(name, at: member, "Member must have length greater than or equal to 3")
        }
        if bytes.count > 255 {
            throw .constraint(name, at: member, "Member must have length less than or equal to 255")
        }
        let isPlain = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !isPlain {
            throw .constraint(name, at: member, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
        }
    }

    /// The table of a data operation, whose error does not name it.
    static func table(_ reference: String, _ context: Context) throws(AWSError) -> Table {
        let name = try name(reference, context)
        guard let table = try context.service(DynamoDB.self).cache.table(name, context) else {
            throw .resourceNotFound
        }
        return table
    }

    /// The table of an operation whose error names it.
    static func named(_ reference: String, _ context: Context) throws(AWSError) -> Table {
        let name = try name(reference, context)
        guard let table = try context.service(DynamoDB.self).cache.table(name, context) else {
            throw .tableNotFound(name)
        }
        return table
    }
}
