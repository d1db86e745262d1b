/// The pages that a person sees in the browser.
enum ConsentPage {
    /// The question whether an application may do something. The form goes to `action` with the hidden `fields`;
    /// `code` is what the device shows, to compare.
    static func question(
        client: String,
        scopes: [String],
        user: String,
        action: String,
        fields: [(name: String, value: String)],
        code: String? = nil
    ) -> String {
        let hidden = fields.map {
            "<input type=\"hidden\" name=\"\(self.escape($0.name))\" value=\"\(self.escape($0.value))\">"
        }
        let list =
            scopes.isEmpty
            ? "<p>It asks for no permission.</p>"
            : "<p>It asks for:</p><ul>\(scopes.map { "<li><code>\(self.escape($0))</code></li>" }.joined())</ul>"
        let shown = code.map { "<p>Your device shows this code:</p><p class=\"code\">\(self.escape($0))</p>" } ?? ""
        return self.page(
            title: "Authorize \(client)",
            """
            <h1><strong>\(self.escape(client))</strong> wants to access your account</h1>
            \(shown)\(list)
            <form method="post" action="\(action)">
            \(hidden.joined())
            <label>You are <input name="login" value="\(self.escape(user))" autocapitalize="none" spellcheck="false"></label>
            <p class="buttons"><button id="approve" name="decision" value="approve">Approve</button>
            <button id="deny" name="decision" value="deny">Deny</button></p>
            </form>
            """
        )
    }

    /// The form for a code from a device.
    static func codeForm() -> String {
        self.page(
            title: "Activate your device",
            """
            <h1>Activate your device</h1>
            <form method="get" action="/activate">
            <label>Code <input name="device-code" autofocus autocomplete="off"></label>
            <p class="buttons"><button id="continue">Continue</button></p>
            </form>
            """
        )
    }

    /// News without a question.
    static func message(_ title: String, _ text: String) -> String {
        self.page(title: title, "<h1>\(self.escape(title))</h1><p>\(self.escape(text))</p>")
    }

    private static func page(title: String, _ body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(self.escape(title)) · simulated Twitch</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; background: #18181b; color: #efeff1; margin: 0; }
        main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #26262c; border-radius: .75rem; }
        h1 { font-size: 1.25rem; margin-top: 0; } small { color: #adadb8; }
        .code { font: 2rem monospace; letter-spacing: .2em; }
        input { font: inherit; padding: .25rem .5rem; border: 1px solid #53535f; border-radius: .25rem;
          background: #18181b; color: inherit; }
        button { font: inherit; padding: .5rem 1.25rem; border: 0; border-radius: .25rem; cursor: pointer; }
        #approve, #continue { background: #9147ff; color: #fff; }
        </style></head>
        <body><main>
        \(body)
        <small>This is a simulator: no account, no password, nothing leaves this machine.</small>
        </main></body></html>

        """
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
