public import JSON

/// Opaque tokens of paginated lists: the place to go on from, as base64 of JSON.
public enum PageToken {
    public static func encode(_ place: JSON) -> String { Base64.encode(place.serialized()) }

    /// nil when `token` is not one of ours: each service has its own error for that.
    public static func decode(_ token: String) -> JSON? {
        guard let bytes = Base64.decode(token) else { return nil }
        return try? JSON.parse(bytes)
    }
}
