/// What the person sees in the browser at the end of a login.
struct CallbackPage: Hashable, Sendable {
    /// The HTTP status.
    var status: Int
    var title: String
    var text: String

    static func loggedIn(as login: String) -> CallbackPage {
        CallbackPage(
            status: 200,
            title: "Logged in as \(login)",
            text: "The collector has what it needs. You can close this page and go back to the terminal."
        )
    }

    static let denied = CallbackPage(
        status: 200,
        title: "Nothing was changed",
        text: "You did not give the collector access. To try again, type: collector auth login"
    )

    static let foreign = CallbackPage(
        status: 400,
        title: "This is not the login that the collector waits for",
        text: "The page may come from an older attempt. Nothing was stored. Use the address that the terminal shows."
    )

    static let onward = CallbackPage(
        status: 200,
        title: "On to Twitch",
        text: "The browser goes there by itself."
    )

    static let taken = CallbackPage(
        status: 410,
        title: "Another browser has begun this login",
        text: "The address works once. Go on there, or stop the command in the terminal and start it again."
    )

    static let otherUser = CallbackPage(
        status: 403,
        title: "This address is for another user",
        text:
            "It works for the browser that the collector has opened by itself. Use the address that the terminal shows."
    )

    static func otherName(_ port: Int) -> CallbackPage {
        CallbackPage(
            status: 400,
            title: "This machine goes by another name here",
            text: "Open the address exactly as the terminal shows it, beginning with http://localhost:\(port)/."
        )
    }

    static let late = CallbackPage(
        status: 409,
        title: "This login was answered already",
        text: "The terminal says how it ended. Nothing more was stored."
    )

    static let incomplete = CallbackPage(
        status: 400,
        title: "Twitch's answer is incomplete",
        text: "It holds neither a code nor an error. Use the address that the terminal shows once more."
    )

    static let unknown = CallbackPage(
        status: 404,
        title: "There is nothing here",
        text: "The collector only waits for Twitch's answer at /callback."
    )

    static func failed(_ reason: String) -> CallbackPage {
        CallbackPage(status: 502, title: "The login did not work", text: "\(reason) Nothing was stored.")
    }

    /// Self-contained; whatever came from outside is escaped.
    var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(Self.escape(title)) · Twitch chat collector</title>
        <style>
        :root { color-scheme: light dark; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center;
          font: 17px/1.5 system-ui, sans-serif; background: light-dark(#f5f4f8, #17161b); color: light-dark(#1f1d26, #ecebf2); }
        main { max-width: 26rem; margin: 1rem; padding: 2.5rem; border-radius: 1rem; background: light-dark(#fff, #232129);
          box-shadow: 0 .5rem 2rem rgb(0 0 0 / 12%); text-align: center; }
        .mark { font-size: 3rem; line-height: 1; color: \(status == 200 ? "#1a9e5c" : "#c9792b"); }
        h1 { font-size: 1.35rem; margin: .75rem 0; overflow-wrap: anywhere; }
        p { margin: 0; overflow-wrap: anywhere; }
        small { display: block; margin-top: 1.75rem; opacity: .6; }
        </style></head>
        <body><main><div class="mark" aria-hidden="true">\(mark)</div>
        <h1>\(Self.escape(title))</h1><p>\(Self.escape(text))</p>
        <small>Twitch chat collector, on your own machine</small>
        </main></body></html>

        """
    }

    private var mark: String {
        if self == .denied { return "–" }
        return status == 200 ? "✓" : "!"
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
