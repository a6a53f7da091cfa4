import GRDB

extension Schema {
    /// A smaller search index in which the words of a chat lie together (see `SearchIndex`). It is filled when the store has opened the
    /// file, since its version is none.
    ///
    /// Where in a text a word stands is not kept: nothing asks for it. All folding but that of English endings is `SearchText`'s, whose
    /// words have nothing but letters and digits; and to the `ascii` tokenizer all that is not ASCII is part of a word, so that one word
    /// is never taken for two, which this index could not search for.
    static func v3Search(_ db: Database) throws {
        try db.execute(
            sql: """
                DROP TABLE messageIndex;
                CREATE VIRTUAL TABLE messageIndex USING fts5(
                    norm, content = '', detail = none, tokenize = 'porter ascii');
                UPDATE searchIndex SET version = 0, erasedBatches = 0;
                """)
    }
}
