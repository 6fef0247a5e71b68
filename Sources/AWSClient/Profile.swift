/// The INI files that AWS tools share: `~/.aws/credentials` and `~/.aws/config`.
/// Sections in brackets, `name = value` lines, comments after `#` or `;` at the start of a line.
struct Profile: Equatable {
    var settings: [String: String] = [:]

    subscript(name: String) -> String? { settings[name] }

    /// The profile of that name. The config file writes `[profile name]`, except for `default`.
    init(named name: String, credentials: String, config: String) {
        for (text, headings) in [(config, ["profile \(name)", name]), (credentials, [name])] {
            var isOurs = false
            for line in text.split(whereSeparator: \.isNewline) {
                // Indented lines belong to nested settings, which nothing here reads.
                guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
                let line = line.split(separator: " ").joined(separator: " ")
                if line.hasPrefix("["), line.hasSuffix("]") {
                    isOurs = headings.contains(String(line.dropFirst().dropLast()))
                } else if isOurs, let equals = line.firstIndex(of: "=") {
                    let key = line[..<equals].filter { $0 != " " }.lowercased()
                    settings[key] = String(line[line.index(after: equals)...].drop { $0 == " " })
                }
            }
        }
    }
}
