/// Which version of a secret bears which staging labels: each label is on one version at most.
///
/// When AWSCURRENT moves, the version that it leaves becomes AWSPREVIOUS and is no longer AWSPENDING.
struct StageLabels: Equatable {
    static let current = "AWSCURRENT"
    static let previous = "AWSPREVIOUS"
    static let pending = "AWSPENDING"

    private(set) var versions: [String: Set<String>]

    init(_ versions: [String: Set<String>] = [:]) { self.versions = versions }

    func holder(of label: String) -> String? { versions.first { $0.value.contains(label) }?.key }

    func labels(of version: String) -> [String] { (versions[version] ?? []).sorted() }

    var count: Int { versions.values.reduce(0) { $0 + $1.count } }

    mutating func attach(_ labels: some Sequence<String>, to version: String) {
        let labels = Set(labels)
        let left = labels.contains(Self.current) ? holder(of: Self.current) : nil
        for label in labels { move(label, to: version) }
        guard let left, left != version else { return }
        move(Self.previous, to: left)
        versions[left]?.remove(Self.pending)
    }

    mutating func detach(_ label: String, from version: String) { versions[version]?.remove(label) }

    private mutating func move(_ label: String, to version: String) {
        if let holder = holder(of: label) { versions[holder]?.remove(label) }
        versions[version, default: []].insert(label)
    }
}
