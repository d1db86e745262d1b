import Testing

@testable import ServiceRuntime

struct EnvironmentFileTests {
    @Test func `quotes, comments, export and spaces are understood`() throws {
        let text = """
            # comment
            A=1
            export B = two words # and a comment
            C='single $HOME # kept'
            D="line\\nbreak \\"quoted\\""
            E=a#b
            F=
            G=x=y
            """
        #expect(
            try EnvironmentFile(parsing: text, path: ".env").values == [
                "A": "1", "B": "two words", "C": "single $HOME # kept", "D": "line\nbreak \"quoted\"", "E": "a#b",
                "F": "", "G": "x=y",
            ]
        )
    }

    @Test func `Windows line ends and a byte order mark do no harm`() throws {
        #expect(try EnvironmentFile(parsing: "\u{FEFF}A=1\r\nB=2\r\n", path: ".env").values == ["A": "1", "B": "2"])
    }

    @Test(arguments: [
        ("A=1\nno equals", ".env:2: expected NAME=value; start a comment with #"),
        ("A='open", ".env:1: A has an opening quote but no closing one"),
        ("1A=x", ".env:1: '1A' is not a variable name; use letters, digits and _"),
    ])
    func `a broken line is named, its value is not shown`(text: String, message: String) {
        #expect(throws: ConfigurationError(message)) { try EnvironmentFile(parsing: text, path: ".env") }
    }
}
