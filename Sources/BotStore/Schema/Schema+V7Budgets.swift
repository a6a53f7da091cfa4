import GRDB

extension Schema {
    /// What is spent by day (`day`, from 1970-01-01 UTC), each request in up to four rows: of all, of its person, of its chat and of its
    /// model (`scope`, see `Spending.Scope`). What calls under way may cost is `reservation`; what was said of a cap in its period is
    /// `budgetNotice`.
    ///
    /// It has no part of a session, so that erasing a chat gives nobody a new budget. What sessions have cost until now is taken over.
    static func v7Budgets(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE spending (
                    scope INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 3),
                    name TEXT NOT NULL,
                    day INTEGER NOT NULL,
                    requests INTEGER NOT NULL,
                    promptTokens INTEGER NOT NULL CHECK (promptTokens >= 0),
                    completionTokens INTEGER NOT NULL CHECK (completionTokens >= 0),
                    cachedTokens INTEGER NOT NULL CHECK (cachedTokens >= 0),
                    money INTEGER NOT NULL CHECK (money >= 0),
                    PRIMARY KEY (scope, name, day)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE reservation (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    person TEXT,
                    chat TEXT,
                    model TEXT NOT NULL,
                    tokens INTEGER NOT NULL CHECK (tokens >= 0),
                    money INTEGER NOT NULL CHECK (money >= 0),
                    day INTEGER NOT NULL,
                    madeAt INTEGER NOT NULL
                ) STRICT;

                CREATE TABLE budgetNotice (
                    scope INTEGER NOT NULL,
                    name TEXT NOT NULL,
                    period INTEGER NOT NULL,
                    unit INTEGER NOT NULL,
                    firstDay INTEGER NOT NULL,
                    level TEXT NOT NULL CHECK (level IN ('warned', 'spent')),
                    PRIMARY KEY (scope, name, period, unit, firstDay, level)
                ) STRICT, WITHOUT ROWID;
                """)
        let person =
            """
            CASE WHEN usage.person IS NOT NULL THEN session.interfaceType || ':' || usage.person
                WHEN session.externalUserID <> '' THEN session.interfaceType || ':' || session.externalUserID END
            """
        // A topic's key has a fourth part.
        let chat =
            """
            (SELECT CASE WHEN length(key) - length(replace(key, '/', '')) < 3 THEN key
                ELSE rtrim(rtrim(key, replace(key, '/', '')), '/') END
                FROM conversation WHERE conversation.id = session.conversationID)
            """
        for (scope, name) in [(0, person), (1, chat), (2, "''"), (3, "usage.model")] {
            try db.execute(
                sql: """
                    INSERT INTO spending (scope, name, day, requests, promptTokens, completionTokens, cachedTokens, money)
                    SELECT \(scope), \(name) AS payer, usage.at / 86400000, count(*), sum(max(0, promptTokens)),
                        sum(max(0, completionTokens)), sum(max(0, cachedTokens)), 0
                    FROM usage LEFT JOIN session ON session.id = usage.sessionID
                    WHERE payer IS NOT NULL GROUP BY 2, 3
                    """)
        }
    }
}
