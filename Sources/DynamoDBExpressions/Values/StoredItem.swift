package import Foundation
package import JSON

/// An item as it lies in the database: the wire's JSON and its size. It was checked when it was stored.
package struct StoredItem: Sendable {
    package let text: [UInt8]
    package let byteCount: Int

    package init(_ item: Item) {
        text = item.encoded
        byteCount = item.byteCount
    }

    package init(text: [UInt8], byteCount: Int) {
        self.text = text
        self.byteCount = byteCount
    }

    package init(data: Data, byteCount: Int) { self.init(text: Array(data), byteCount: byteCount) }

    package var data: Data { Data(text) }
    /// The whole item in an answer.
    package var output: JSON { .written(text) }
    package var tree: JSON { (try? JSON.parse(text)) ?? .object([:]) }
    package var item: Item { Item(stored: tree) }
}

extension Item {
    /// - Parameter tree: what ``encoded`` wrote; what does not fit is left out.
    package init(stored tree: JSON) {
        self.init()
        for (name, value) in tree.object ?? [:] {
            if let value = AttributeValue(stored: value) { append(name, value) }
        }
    }
}

extension AttributeValue {
    fileprivate init?(stored tree: JSON) {
        guard let member = tree.object?.members.first, let type = AttributeType(rawValue: member.key) else {
            return nil
        }
        let content = member.value
        switch type {
        case .string: self = .string(content.string ?? "")
        case .number: self = .number(Number(stored: content.string ?? "0"))
        case .binary: self = .binary(content.bytes ?? [])
        case .stringSet: self = .stringSet(content.array?.compactMap(\.string) ?? [])
        case .numberSet: self = .numberSet(content.array?.compactMap(\.string).map(Number.init(stored:)) ?? [])
        case .binarySet: self = .binarySet(content.array?.compactMap(\.bytes) ?? [])
        case .map: self = .map(Item(stored: content))
        case .list: self = .list(content.array?.compactMap(AttributeValue.init(stored:)) ?? [])
        case .null: self = .null
        case .bool: self = .bool(content.bool ?? false)
        }
    }
}
