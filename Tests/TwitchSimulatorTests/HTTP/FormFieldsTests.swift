import Testing

@testable import twitch_simulator

@Suite struct FormFieldsTests {
    @Test func `fields are decoded, repeated ones kept, empty ones missing`() {
        let fields = FormFields("a=1&b=x%26y+z&a=2&c=&d&e=%zz")
        #expect(fields["a"] == "1")
        #expect(fields.all("a") == ["1", "2"])
        #expect(fields["b"] == "x&y z")
        #expect(fields["c"] == nil && fields["d"] == nil && fields["missing"] == nil)
        #expect(fields["e"] == "%zz")
    }

    @Test func `what is encoded comes back`() {
        let text = "chat:read é+&=%/ ~"
        #expect(FormFields("x=\(FormFields.encode(text))")["x"] == text)
    }
}
