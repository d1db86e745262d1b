internal import CPostgreSQL
import Glibc

extension Connection {
    /// Why connecting failed, with the server's SQLSTATE where it was the server who refused.
    ///
    /// libpq tells the state only in its verbose texts, so a server that answered is asked once more.
    static func refusal(_ handle: OpaquePointer) -> PostgresError {
        let message = unsafe line(PQerrorMessage(handle))
        guard message.contains("FATAL:") else {
            let declines = message.contains("does not support SSL")
            let hint =
                "; turn on ssl at the server, or, where the network between is yours alone, add sslmode=disable to DATABASE_URL"
            return .broken(message + (declines ? hint : ""))
        }
        unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        unsafe PQreset(handle)
        let verbose = unsafe line(PQerrorMessage(handle))
        let words = verbose.split(separator: " ", omittingEmptySubsequences: true)
        let states = zip(words, words.dropFirst()).filter { $0.0 == "FATAL:" && $0.1.utf8.count == 6 }
        return PostgresError(
            sqlState: states.last.map { String($0.1.dropLast()) },
            message: message,
            isBroken: true
        )
    }

    /// libpq's text as one line.
    static func line(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Calls `body` with a NULL-terminated array of C strings.
    static func withCStrings<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        var pointers = unsafe texts.map { text in unsafe UnsafePointer<CChar>(strdup(text)) }
        unsafe pointers.append(nil)
        defer {
            for index in unsafe pointers.indices {
                unsafe free(UnsafeMutablePointer(mutating: pointers[index]))
            }
        }
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }

    /// Calls `body` with the parameters as libpq takes them: all binary.
    static func withParameters(
        _ parameters: BinaryFields,
        _ body: (
            CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        unsafe parameters.bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { bytes in
                let values = unsafe parameters.places.map { place -> UnsafePointer<CChar>? in
                    place.start < 0 ? nil : unsafe bytes.baseAddress.map { unsafe $0 + place.start }
                }
                let lengths = parameters.places.map { CInt($0.count) }
                let formats = parameters.places.map { _ in CInt(1) }
                return unsafe body(CInt(values.count), values, lengths, formats)
            }
        }
    }
}
