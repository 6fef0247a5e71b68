import AWSWire
import BatonCore
import BatonStore
import JSON

/// Takes the key from a group.
/// Errors: ResourceNotFoundException, InvalidParameterException.
/// Source: CloudWatch Logs API reference, DisassociateKmsKey.
enum DisassociateKmsKey: WriteOperation {
    typealias Input = JSON
    typealias Output = Nothing

    static func prepare(_ input: JSON, _ context: Context) throws(AWSError) -> Write<Nothing> {
        try AssociateKmsKey.change(input, key: nil, context)
    }
}
