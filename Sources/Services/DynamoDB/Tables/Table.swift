import DynamoDBExpressions

/// A secondary index as operations see it.
struct SecondaryIndex: Sendable {
    enum Projected: Sendable {
        case all
        /// Keys of table and index, and what `INCLUDE` names.
        case attributes(Set<String>)
    }

    let number: Int
    let name: String
    let key: KeySchema
    let isGlobal: Bool
    let isBackfilling: Bool
    let projected: Projected

    /// The part of an item that the index holds.
    func view(of item: Item) -> Item {
        guard case .attributes(let names) = projected else { return item }
        var view = Item()
        for (name, value) in item.attributes where names.contains(name) { view.append(name, value) }
        return view
    }
}

/// A table as operations see it: an unchanging value of one version of its definition.
final class Table: Sendable {
    /// Row of the table; names its items. Never used twice.
    let id: Int64
    /// Grows with each change of the definition.
    let version: Int
    let name: String
    let account: String
    let region: String
    let definition: TableDefinition
    let key: KeySchema
    /// In the order of their names, in which messages mention them.
    let indexes: [SecondaryIndex]
    /// The order in which items expire, kept like an index.
    let expiry: SecondaryIndex?
    /// Everything that has an entry for each item: the indexes and the order of expiry.
    let entries: [SecondaryIndex]

    /// nil when the definition has no usable key, which validation excludes.
    init?(id: Int64, version: Int, name: String, account: String, region: String, definition: TableDefinition) {
        guard let key = definition.key(definition.keySchema) else { return nil }
        self.id = id
        self.version = version
        self.name = name
        self.account = account
        self.region = region
        self.definition = definition
        self.key = key
        indexes =
            (definition.localIndexes.compactMap { definition.index($0, key, isGlobal: false) }
            + definition.globalIndexes.compactMap { definition.index($0, key, isGlobal: true) })
            .sorted { $0.name < $1.name }
        expiry = definition.expiry
        entries = indexes + (expiry.map { [$0] } ?? [])
    }

    var hasStream: Bool { definition.stream?.streamEnabled == true }
    var hasLocalIndexes: Bool { !definition.localIndexes.isEmpty }

    func index(_ name: String) -> SecondaryIndex? { indexes.first { $0.name == name } }
}

extension TableDefinition {
    func key(_ elements: [KeySchemaElement]) -> KeySchema? {
        func attribute(_ element: KeySchemaElement) -> KeyAttribute? {
            guard let definition = attributeDefinitions.first(where: { $0.attributeName == element.attributeName }),
                let type = AttributeType(rawValue: definition.attributeType)
            else { return nil }
            return KeyAttribute(name: element.attributeName, type: type)
        }
        guard let first = elements.first, let hash = attribute(first) else { return nil }
        return KeySchema(hash: hash, range: elements.dropFirst().first.flatMap(attribute))
    }

    fileprivate var expiry: SecondaryIndex? {
        guard let attribute = timeToLiveAttribute, let number = timeToLiveNumber else { return nil }
        return SecondaryIndex(
            number: number, name: attribute,
            key: KeySchema(hash: KeyAttribute(name: attribute, type: .number), range: nil), isGlobal: true,
            isBackfilling: false, projected: .attributes([]))
    }

    fileprivate func index(_ index: IndexDefinition, _ table: KeySchema, isGlobal: Bool) -> SecondaryIndex? {
        guard let key = key(index.keySchema) else { return nil }
        let names = Set(table.names + key.names + (index.projection.nonKeyAttributes ?? []))
        return SecondaryIndex(
            number: index.number, name: index.indexName, key: key, isGlobal: isGlobal,
            isBackfilling: index.isBackfilling ?? false,
            projected: index.projection.projectionType == "ALL" ? .all : .attributes(names))
    }
}
