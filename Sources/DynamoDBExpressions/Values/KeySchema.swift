package import AWSWire
package import Foundation

/// An attribute that is part of a key.
package struct KeyAttribute: Sendable, Equatable {
    package let name: String
    package let type: AttributeType

    package init(name: String, type: AttributeType) {
        self.name = name
        self.type = type
    }

    /// Bytes whose order is DynamoDB's order of the values.
    package static func bytes(_ value: AttributeValue) -> Data {
        switch value {
        case .string(var text): text.withUTF8 { Data(buffer: $0) }
        case .number(let number): Data(number.sortableBytes)
        case .binary(let bytes): Data(bytes)
        default: Data()
        }
    }

    package func checkNotEmpty(_ value: AttributeValue) throws(AWSError) {
        guard let kind = Self.emptyKind(value) else { return }
        throw .validation(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                + "\(kind) value. Key: \(name)")
    }

    package static func emptyKind(_ value: AttributeValue) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? "string" : nil
        case .binary(let bytes): bytes.isEmpty ? "binary" : nil
        default: nil
        }
    }
}

/// The key of a table or an index: a partition key and perhaps a sort key.
package struct KeySchema: Sendable, Equatable {
    package let hash: KeyAttribute
    package let range: KeyAttribute?

    package init(hash: KeyAttribute, range: KeyAttribute?) {
        self.hash = hash
        self.range = range
    }

    package var attributes: [KeyAttribute] { [hash] + (range.map { [$0] } ?? []) }
    package var names: [String] { attributes.map(\.name) }

    package func checkSizes(hash hashValue: AttributeValue, range rangeValue: AttributeValue?) throws(AWSError) {
        if hashValue.keyBytes > ExpressionLimits.hashKeyBytes {
            throw .invalidParameter(
                "Size of hashkey has exceeded the maximum size limit of2048 bytes")
        }
        if let rangeValue, rangeValue.keyBytes > ExpressionLimits.rangeKeyBytes {
            throw .invalidParameter(
                "Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
        }
    }
}

extension AttributeValue {
    fileprivate var keyBytes: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        default: 0
        }
    }
}

/// Where an item lies: its key in sortable bytes. The sort key is empty in a table without one.
package struct ItemKey: Sendable, Hashable {
    package let hash: Data
    package let range: Data

    package init(hash: Data, range: Data) {
        self.hash = hash
        self.range = range
    }
}

extension KeySchema {
    /// The key in an item that has been checked against the schema.
    package func key(of item: Item) -> ItemKey? {
        guard let hashValue = item[hash.name], hashValue.type == hash.type else { return nil }
        guard let range else { return ItemKey(hash: KeyAttribute.bytes(hashValue), range: Data()) }
        guard let rangeValue = item[range.name], rangeValue.type == range.type else { return nil }
        return ItemKey(hash: KeyAttribute.bytes(hashValue), range: KeyAttribute.bytes(rangeValue))
    }

    /// Checks a `Key` parameter: exactly the key attributes, with their types.
    package func key(parameter item: Item) throws(AWSError) -> ItemKey {
        func value(_ attribute: KeyAttribute) throws(AWSError) -> AttributeValue {
            guard let value = item[attribute.name], value.type == attribute.type else { throw .keyMismatch }
            try attribute.checkNotEmpty(value)
            return value
        }
        guard item.count == (range == nil ? 1 : 2) else { throw .keyMismatch }
        let hashValue = try value(hash)
        let rangeValue: AttributeValue? = if let range { try value(range) } else { nil }
        try checkSizes(hash: hashValue, range: rangeValue)
        return ItemKey(
            hash: KeyAttribute.bytes(hashValue), range: rangeValue.map(KeyAttribute.bytes) ?? Data())
    }

    /// Checks the key attributes of a whole item.
    package func key(put item: Item) throws(AWSError) -> ItemKey {
        for attribute in attributes {
            guard let value = item[attribute.name] else {
                throw .invalidParameter("Missing the key \(attribute.name) in the item")
            }
            guard value.type == attribute.type else {
                throw .invalidParameter(
                    "Type mismatch for key \(attribute.name) expected: \(attribute.type.rawValue) actual: "
                        + value.type.rawValue)
            }
            try attribute.checkNotEmpty(value)
        }
        guard let key = key(of: item), let hashValue = item[hash.name] else { throw .keyMismatch }
        try checkSizes(hash: hashValue, range: range.flatMap { item[$0.name] })
        return key
    }

    /// The key attributes of an item alone.
    package func keyItem(of item: Item) -> Item {
        var result = Item()
        for name in names { result[name] = item[name] }
        return result
    }
}
