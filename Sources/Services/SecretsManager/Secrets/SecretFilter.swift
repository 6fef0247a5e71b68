import AWSWire
import BatonCore
import JSON

/// One filter of a list of secrets: any of its values must match, and all filters of a list must.
///
/// A value that begins with `!` matches what the rest does not. Names and tags match by their beginning; descriptions,
/// owners and `all` by words, each of which must begin a word of the attribute, whatever the case. Source: API reference,
/// Filter; user guide, finding secrets. Assumed: how texts fall into words.
struct SecretFilter: Decodable, Sendable {
    let key: String?
    let values: [String]?

    func matches(_ secret: Secret) -> Bool {
        let attributes = attributes(secret)
        let isByWords = ["description", "owning-service", "all"].contains(key)
        return (values ?? []).contains { value in
            let isNegative = value.hasPrefix("!")
            let wanted = isNegative ? String(value.dropFirst()) : value
            let isFound = attributes.contains { attribute in
                isByWords ? Self.hasWords(of: wanted, attribute) : attribute.hasPrefix(wanted)
            }
            return isFound != isNegative
        }
    }

    private func attributes(_ secret: Secret) -> [String] {
        let description = secret.description.map { [$0] } ?? []
        let (keys, values) = (secret.tags.map(\.key), secret.tags.map(\.value))
        return switch key {
        case "name": [secret.name]
        case "description": description
        case "tag-key": keys
        case "tag-value": values
        case "primary-region": [secret.region]
        case "owning-service": secret.owningService.map { [$0] } ?? []
        case "all": [secret.name] + description + keys + values
        default: []
        }
    }

    static func hasWords(of wanted: String, _ text: String) -> Bool {
        let (wanted, found) = (words(wanted), words(text))
        return !wanted.isEmpty && wanted.allSatisfy { word in found.contains { $0.hasPrefix(word) } }
    }

    /// In lower case. A text falls apart at white space, at capitals, and at its separators when they are all the same.
    static func words(_ text: String) -> [String] {
        let separators = Set("/-_+=.@")
        let used = Set(text.filter(separators.contains))
        guard used.count <= 1 else { return [text.lowercased()] }
        var words = [""]
        var isAfterSmall = false
        for character in text {
            let separates = character.isWhitespace || used.contains(character)
            if separates || (character.isUppercase && isAfterSmall) { words.append("") }
            if !separates { words[words.count - 1].append(character) }
            isAfterSmall = character.isLowercase
        }
        return words.filter { !$0.isEmpty }.map { $0.lowercased() }
    }
}

/// The order of lists, and where a page of them begins.
struct SecretOrder: Sendable {
    let by: String
    let isDescending: Bool

    private struct Key: Comparable {
        let number: Int64
        let name: String
        static func < (left: Key, right: Key) -> Bool { (left.number, left.name) < (right.number, right.name) }
    }

    private func key(_ view: SecretView) -> Key {
        let number: Int64 =
            switch by {
            case "name": 0
            case "last-changed-date": view.secret.changedMs
            case "last-accessed-date": view.accessedMs ?? 0
            default: view.secret.createdMs
            }
        return Key(number: number, name: view.secret.name)
    }

    private func isBefore(_ left: Key, _ right: Key) -> Bool { isDescending ? right < left : left < right }

    /// - Throws: InvalidNextTokenException.
    func page(
        _ views: [SecretView], after token: String?, limit: Int
    ) throws(AWSError) -> (views: [SecretView], token: String?) {
        var sorted = views.sorted { isBefore(key($0), key($1)) }
        if let token {
            guard let place = PageToken.decode(token), let number = place[0]?.int, let name = place[1]?.string else {
                throw SecretsManagerError.nextToken
            }
            let last = Key(number: Int64(number), name: name)
            sorted = sorted.filter { isBefore(last, key($0)) }
        }
        guard sorted.count > limit, let last = sorted.prefix(limit).last else { return (sorted, nil) }
        let place = key(last)
        return (
            Array(sorted.prefix(limit)),
            PageToken.encode([.number(JSON.Number(place.number)), .string(place.name)])
        )
    }
}
