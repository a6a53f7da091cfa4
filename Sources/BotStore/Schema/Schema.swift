import GRDB

/// The schema, as migrations that are only ever added to: a released one never changes, for databases of its version exist.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1_sessions", migrate: v1Sessions)
        migrator.registerMigration("v1_statistics", migrate: v1Statistics)
        migrator.registerMigration("v1_messaging", migrate: v1Messaging)
        migrator.registerMigration("v1_people", migrate: v1People)
        migrator.registerMigration("v2_engine", migrate: v2Engine)
        migrator.registerMigration("v3_search", migrate: v3Search)
        migrator.registerMigration("v3_turns", migrate: v3Turns)
        migrator.registerMigration("v4_usage", migrate: v4Usage)
        migrator.registerMigration("v4_models", migrate: v4Models)
        migrator.registerMigration("v5_extras", migrate: v5Extras)
        migrator.registerMigration("v5_buttons", migrate: v5Buttons)
        migrator.registerMigration("v6_edits", migrate: v6Edits)
        migrator.registerMigration("v7_retention", migrate: v7Retention)
        migrator.registerMigration("v7_people", migrate: v7People)
        migrator.registerMigration("v7_budgets", migrate: v7Budgets)
        return migrator
    }
}
