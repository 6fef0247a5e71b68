import JSON

/// Times as the member tree has them.
extension Int64 {
    /// Milliseconds as seconds with a fraction.
    var seconds: Double { Double(self) / 1000 }
}
