import Testing

@testable import collector

@Suite struct CallbackPageTests {
    @Test func `what came from outside cannot become markup`() {
        let (page, failure) = BrowserLogin.refusal("server_error", "<script>alert('x')</script> & \"more\"\u{1B}[31m")
        #expect(!page.html.contains("<script>"))
        #expect(page.html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"))
        #expect(!"\(failure)".contains("\u{1B}"), "and cannot steer the terminal either")
        #expect(!CallbackPage.loggedIn(as: "<b>x</b>").html.contains("<b>"))
    }

    @Test func `a denial is no error page, and says what to do`() {
        let (page, failure) = BrowserLogin.refusal("access_denied", "The user denied you access")
        #expect(page == .denied && page.status == 200 && failure.code == 77)
        #expect(page.html.contains("collector auth login"))
    }

    @Test func `every page is whole and says how it went`() {
        let pages: [CallbackPage] = [
            .loggedIn(as: "harborlog"), .denied, .foreign, .late, .incomplete, .unknown, .failed("Twitch is away."),
        ]
        for page in pages {
            #expect(page.html.hasPrefix("<!doctype html>") && page.html.contains("</html>"))
            #expect(page.html.contains("<h1>\(CallbackPage.escape(page.title))</h1>"))
            #expect(!page.html.contains("http://") && !page.html.contains("https://"), "nothing is loaded")
        }
        #expect(pages.map(\.status) == [200, 200, 400, 409, 400, 404, 502])
    }
}
