import AWSWire
import BatonCore
import JSON

/// A part of a list. Limit: `MaxItems` 1–1000, by default 100.
struct Page<Item> {
    let items: [Item]
    let marker: String?
    var isTruncated: Bool { marker != nil }

    init(_ all: [Item], marker: String?, maxItems: Int?) throws(AWSError) {
        var start = 0
        if let marker {
            guard let place = PageToken.decode(marker)?.int, place >= 0 else {
                throw IAMError.invalid("Invalid Marker.")
            }
            start = place
        }
        let rest = all.dropFirst(start)
        let size = maxItems ?? 100
        items = Array(rest.prefix(size))
        self.marker = rest.count > size ? PageToken.encode(.number(start + size)) : nil
    }
}
