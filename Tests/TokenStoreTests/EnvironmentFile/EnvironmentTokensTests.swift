import Foundation
import ServiceRuntime
import TestSupport
import Testing

@testable import TokenStore

@Suite struct EnvironmentTokensTests {
    @Test(arguments: [
        // Quotes, blanks, comments and `export` stay as they are.
        ("A=1\nTOKEN=old\nB=2\n", "A=1\nTOKEN=new\nB=2\n"),
        ("TOKEN='old'\n", "TOKEN='new'\n"),
        ("TOKEN=\"old\"\n", "TOKEN=\"new\"\n"),
        ("TOKEN=\"o\\\"ld\" # mine\n", "TOKEN=\"new\" # mine\n"),
        ("  export TOKEN = old  # why\n", "  export TOKEN = new  # why\n"),
        ("TOKEN=\n", "TOKEN=new\n"),
        ("TOKEN=  # empty\n", "TOKEN=new  # empty\n"),
        ("# TOKEN=old\nTOKEN=old", "# TOKEN=old\nTOKEN=new"),
        ("TOKEN=a#b\r\nB=2\r\n", "TOKEN=new\r\nB=2\r\n"),
        // Every line that sets it: the last one counts for whoever reads.
        ("TOKEN=a\nTOKEN=b\n", "TOKEN=new\nTOKEN=new\n"),
        // Other names that begin alike.
        ("TOKEN_2=a\nMY_TOKEN=b\n", "TOKEN_2=a\nMY_TOKEN=b\nTOKEN='new'\n"),
        ("", "TOKEN='new'\n"),
        ("A=1", "A=1\nTOKEN='new'\n"),
        ("A=1\r\n", "A=1\r\nTOKEN='new'\r\n"),
    ])
    func `a value is replaced in place`(before: String, after: String) {
        var text = EnvironmentText(before)
        text.set("TOKEN", to: "new")
        #expect(Array(text.text.utf8) == Array(after.utf8))
    }

    @Test func `both tokens are written, and the file becomes private`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.env"
            try Data("# mine\nTWITCH_ACCESS_TOKEN='a'\nTWITCH_REFRESH_TOKEN='b'\nX=1\n".utf8)
                .write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try EnvironmentTokens(path: path).write(access: Secret("c"), refresh: Secret("d"))
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == "# mine\nTWITCH_ACCESS_TOKEN='c'\nTWITCH_REFRESH_TOKEN='d'\nX=1\n")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `without a file one is made`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.env"
            try EnvironmentTokens(path: path).write(access: Secret("c"), refresh: nil)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "TWITCH_ACCESS_TOKEN='c'\n")
        }
    }

    @Test(arguments: [
        ("A=1\nTOKEN=old\nB=2\n", "A=1\nB=2\n"),
        ("TOKEN='old' # why\nB=2", "# why\nB=2"),
        ("  export TOKEN = \"o\\\"ld\"   # why\r\nB=2\r\n", "# why\r\nB=2\r\n"),
        ("TOKEN=a#b\nTOKEN=\n", ""),
        ("# TOKEN=old\nTOKEN_2=a\nMY_TOKEN=b\n\n", "# TOKEN=old\nTOKEN_2=a\nMY_TOKEN=b\n\n"),
        // A quote that is never closed still holds a secret.
        ("TOKEN='old\nB=2\n", "B=2\n"),
        ("B='x", "B='x"), ("", ""),
    ])
    func `a line is taken out, and its comment stays`(before: String, after: String) {
        var text = EnvironmentText(before)
        text.remove("TOKEN")
        #expect(text.text == after)
    }

    @Test func `both tokens are taken out, and link, mode and other lines stay`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.env"
            #expect(try EnvironmentTokens(path: path).remove() == false)
            let text = "A=1\nTWITCH_ACCESS_TOKEN=a\n# keep\nTWITCH_REFRESH_TOKEN=r\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/real"))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: directory + "/real")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "real")
            #expect(try EnvironmentTokens(path: path).remove())
            #expect(try String(contentsOfFile: directory + "/real", encoding: .utf8) == "A=1\n# keep\n")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "real")
            let mode = try FileManager.default.attributesOfItem(atPath: directory + "/real")[.posixPermissions] as? Int
            #expect(mode == 0o640)
            #expect(try EnvironmentTokens(path: path).remove() == false)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == [".env", "real"])
        }
    }
}
