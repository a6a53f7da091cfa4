/// What a file is read as, going by what its sender says of it. Whether it is true shows when the file has been loaded.
package enum FileKind: Sendable, Equatable {
    /// A picture.
    case image
    /// A text, source code included.
    case text

    /// Nil for a file that cannot be read.
    ///
    /// - Parameters:
    ///   - mediaType: as `text/plain; charset=utf-8`; untrusted.
    ///   - name: the file's name; untrusted.
    package init?(mediaType: String?, name: String?) {
        let type = mediaType?.lowercased().prefix { $0 != ";" }.filter { !$0.isWhitespace } ?? ""
        if type.hasPrefix("image/"), type != "image/svg+xml" {
            self = .image
        } else if Self.isText(type: type) || Self.isText(name: name ?? "") {
            self = .text
        } else if type.isEmpty || type == "application/octet-stream", Self.imageEndings.contains(Self.ending(of: name))
        {
            self = .image
        } else {
            return nil
        }
    }

    /// What a file that cannot be read is called, as `PDF file`.
    package static func words(for name: String?) -> String {
        let ending = ending(of: name)
        let isPlain = (1...5).contains(ending.count) && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isPlain ? "\(ending.uppercased()) file" : "file"
    }

    private static func isText(type: String) -> Bool {
        type.hasPrefix("text/") || textTypes.contains(type) || type == "image/svg+xml"
            || (type.hasPrefix("application/") && ["+json", "+xml", "+yaml"].contains { type.hasSuffix($0) })
    }

    /// The name decides where the type is a guess: `.ts` is sent as a video.
    private static func isText(name: String) -> Bool {
        textEndings.contains(ending(of: name)) || textNames.contains(name.lowercased())
    }

    private static func ending(of name: String?) -> String {
        guard let name, let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private static let imageEndings: Set<String> = ["jpg", "jpeg", "png", "gif", "webp"]

    private static let textTypes = Set(
        """
        application/json application/xml application/yaml application/x-yaml application/toml application/x-toml \
        application/javascript application/x-javascript application/ecmascript application/typescript \
        application/x-typescript application/sql application/x-sql application/graphql application/x-sh \
        application/x-shellscript application/x-csh application/x-php application/x-httpd-php application/x-perl \
        application/x-python application/x-python-code application/x-ruby application/x-ndjson application/jsonl \
        application/x-tex application/x-latex application/x-subrip application/csv application/x-trash
        """.split(separator: " ").map(String.init))

    private static let textEndings = Set(
        """
        txt text md markdown rst adoc org tex bib log csv tsv json jsonl ndjson json5 geojson xml svg html htm xhtml css \
        scss sass less yaml yml toml ini cfg conf config env properties plist editorconfig gitignore gitattributes diff \
        patch srt vtt sub ics vcf eml sql graphql gql proto swift c h cc cpp cxx hpp hh m mm java kt kts groovy gradle \
        scala clj cljs edn erl hrl ex exs elm hs lhs ml mli fs fsx fsi cs vb go rs zig d nim cr jl r rmd lua pl pm t py \
        pyi pyx ipynb rb erb rake php js mjs cjs jsx ts mts cts tsx vue svelte astro dart sol v sv vhd vhdl asm s sh bash \
        zsh fish ps1 psm1 bat cmd awk sed vim el lisp scm rkt tcl f f90 f95 pas pp ada adb ads cob cbl bas mk cmake \
        dockerfile tf tfvars hcl nix bzl bazel gemspec podspec lock pem pub asc po pot strings resx desktop service
        """.split(separator: " ").map(String.init))

    private static let textNames: Set<String> = [
        "makefile", "dockerfile", "containerfile", "license", "licence", "readme", "changelog", "authors", "notice",
        "copying", "todo", "gemfile", "rakefile", "podfile", "procfile", "vagrantfile", "jenkinsfile", "cmakelists.txt",
    ]
}
