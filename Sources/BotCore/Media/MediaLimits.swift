/// How much of what people send is looked at.
package enum MediaLimits {
    /// The most pictures of one turn.
    package static let images = 8
    /// The most bytes of one picture: 5 MB once it is base64 (Anthropic documentation, "Vision"), the least of what the vendors take.
    package static let imageBytes = 5 * (1 << 20) / 4 * 3
    /// The most bytes of all pictures of one turn: a request of Anthropic's may have 32 MB, in which they are base64.
    package static let allImageBytes = 16 << 20
    /// The most pixels of each side of a picture (Anthropic documentation, "Vision").
    package static let imageSide = 8000
    /// The most text files of one turn.
    package static let files = 4
    /// The most bytes of one text file: far more than a model is shown of it.
    package static let fileBytes = 1 << 20
}
