import BotCore

/// Files for code blocks that are too long for messages.
enum CodeFile {
    /// The file of a block.
    ///
    /// - Parameters:
    ///   - language: what the model has written behind the fence.
    ///   - number: which file of the reply it is, from 1.
    static func file(of code: String, language: String?, number: Int) -> ReplyFile {
        let ending = ending(of: language)
        return ReplyFile(
            name: number == 1 ? "code.\(ending)" : "code-\(number).\(ending)",
            mediaType: ending == "md" ? "text/markdown" : "text/plain",
            content: code.hasSuffix("\n") ? code : code + "\n")
    }

    /// How long the code is, for people who see the file in a chat.
    static func caption(of code: String) -> String {
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false).count
        return lines == 1 ? "1 line" : "\(lines) lines"
    }

    /// The usual ending of files in a language. Names and endings that are not known give `txt`: what a model writes must not
    /// name a file that somebody opens as a program.
    static func ending(of language: String?) -> String {
        let name = (language ?? "").lowercased()
        return endings[name] ?? (harmless.contains(name) ? name : "txt")
    }

    private static let endings = [
        "bash": "sh", "c#": "cs", "c++": "cpp", "clojure": "clj", "csharp": "cs", "elixir": "ex", "erlang": "erl",
        "fortran": "f90", "golang": "go", "haskell": "hs", "javascript": "js", "julia": "jl", "kotlin": "kt",
        "latex": "tex", "lisp": "lisp", "make": "mk", "makefile": "mk", "markdown": "md", "objective-c": "m",
        "objectivec": "m", "ocaml": "ml", "perl": "pl", "powershell": "ps1", "protobuf": "proto", "python": "py",
        "python3": "py", "ruby": "rb", "rust": "rs", "shell": "sh", "terraform": "tf", "typescript": "ts",
        "yml": "yaml",
        "zsh": "sh",
    ]

    private static let harmless: Set<String> = [
        "c", "cpp", "cs", "css", "csv", "dart", "diff", "go", "graphql", "h", "hpp", "hs", "html", "ini", "java", "js",
        "json", "jsx", "kt", "lua", "m", "md", "nim", "patch", "php", "pl", "proto", "py", "r", "rb", "rs", "scala",
        "scss",
        "sh", "sql", "svg", "swift", "tex", "toml", "ts", "tsv", "tsx", "txt", "vue", "xml", "yaml", "zig",
    ]
}
