import Foundation
import Synchronization

/// The only source of randomness: ids, tokens, jitter. Seeded, it repeats itself (xoshiro256**); unseeded, it hands out
/// the operating system's bytes from a pool, because one system call for each id costs more than the id.
public final class RandomSource: Sendable {
    private struct State {
        var generator: Xoshiro?
        var pool: [UInt8] = []
        /// How many bytes of the pool have been handed out.
        var used = 0
    }
    private let state: Mutex<State>
    private static let poolSize = 4096

    public init() { state = Mutex(State()) }
    public init(seed: UInt64) { state = Mutex(State(generator: Xoshiro(seed: seed))) }

    public func bytes(_ count: Int) -> [UInt8] { withBytes(count) { Array($0) } }

    private func withBytes<T>(_ count: Int, _ body: (ArraySlice<UInt8>) -> T) -> T {
        state.withLock { state in
            guard state.generator == nil else { return body(Self.seeded(&state, count)[...]) }
            if state.pool.count - state.used < count {
                state.pool = Self.system(max(Self.poolSize, count))
                state.used = 0
            }
            defer { state.used += count }
            return body(state.pool[state.used..<(state.used + count)])
        }
    }

    private static func seeded(_ state: inout State, _ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < count {
            guard let word = state.generator?.next() else { break }
            withUnsafeBytes(of: word) { result.append(contentsOf: $0.prefix(count - result.count)) }
        }
        return result
    }

    /// What one call of `getentropy` may fill.
    private static let entropyLimit = 256

    private static func system(_ count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        result.withUnsafeMutableBytes { bytes in
            for start in stride(from: 0, to: count, by: entropyLimit) {
                let part = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<min(start + entropyLimit, count)])
                // It fails only for more bytes than the limit.
                _ = getentropy(part.baseAddress, part.count)
            }
        }
        return result
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    /// `count` lower-case hexadecimal digits.
    public func hex(_ count: Int) -> String {
        let bytes = bytes((count + 1) / 2)
        return String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count {
                let byte = bytes[index / 2]
                buffer[index] = Self.digit(index % 2 == 0 ? byte >> 4 : byte & 0x0F)
            }
            return count
        }
    }

    /// A version 4 UUID in lower case.
    public func uuid() -> String {
        String(unsafeUninitializedCapacity: 36) { text in
            withBytes(16) { bytes in
                var at = 0
                for index in 0..<16 {
                    var byte = bytes[bytes.startIndex + index]
                    switch index {
                    case 6: byte = byte & 0x0F | 0x40
                    case 8: byte = byte & 0x3F | 0x80
                    default: break
                    }
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[at] = UInt8(ascii: "-")
                        at += 1
                    }
                    text[at] = Self.digit(byte >> 4)
                    text[at + 1] = Self.digit(byte & 0x0F)
                    at += 2
                }
            }
            return 36
        }
    }

    /// `count` characters of `alphabet`, which must hold ASCII only, for example for suffixes of generated names.
    public func text(_ count: Int, of alphabet: String = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") -> String {
        let alphabet = Array(alphabet.utf8)
        guard !alphabet.isEmpty else { return "" }
        return String(decoding: bytes(count).map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }

    /// A number of the range, which must not be empty.
    public func int(in range: Range<Int>) -> Int {
        let word = bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return range.lowerBound + Int(word % UInt64(range.count))
    }

    /// A number in `0..<1`.
    public func double() -> Double { Double(int(in: 0..<(1 << 53))) / Double(1 << 53) }
}

private struct Xoshiro {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var seed = seed
        func splitMix() -> UInt64 {
            seed &+= 0x9E37_79B9_7F4A_7C15
            var mixed = seed
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
        state = (splitMix(), splitMix(), splitMix(), splitMix())
    }

    mutating func next() -> UInt64 {
        func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }
}
