import ArgumentParser
import ServiceRuntime

/// The logins that `--channel` names.
enum ChannelArgument {
    /// What the arguments mean by ``String/channelLogin``, each once, in their order.
    /// - Throws: `ValidationError` for what no channel can be called.
    static func logins(_ arguments: [String]) throws -> [String] {
        var logins: [String] = []
        for argument in arguments {
            let login = argument.channelLogin
            guard ChannelList.isLogin(login) else {
                throw ValidationError(
                    "--channel is '\(argument.printable)'; expected a login: 1 to 25 letters, digits and _."
                )
            }
            if !logins.contains(login) { logins.append(login) }
        }
        return logins
    }
}
