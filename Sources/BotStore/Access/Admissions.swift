import BotCore
import Foundation
import GRDB

/// Steps of transactions that concern strangers who ask to be let in.
enum Admissions {
    static let columns = "id, entry, name, state, askedAt, toldAt, decidedBy, payload"

    static func request(_ row: StoredRow) throws -> AdmissionRequest {
        guard let state = AdmissionState(rawValue: row[3]) else {
            throw StoreError.failed("a stored request has an unknown state")
        }
        let payload: Data? = row[7]
        return AdmissionRequest(
            id: AdmissionID(row[0]), entry: row[1], name: row[2], state: state, askedAt: Timestamp(rawValue: row[4]),
            isTold: (row[5] as Int64?) != nil, decidedBy: row[6], event: try payload.map(JSONText.decodeEvent))
    }

    static func fetch(_ id: AdmissionID, _ db: Database) throws -> AdmissionRequest? {
        try db.row("SELECT \(columns) FROM admission WHERE id = ?", [id.rawValue]).map(request)
    }

    static func fetch(of entry: String, _ db: Database) throws -> AdmissionRequest? {
        try db.row("SELECT \(columns) FROM admission WHERE entry = ?", [entry]).map(request)
    }

    /// Deletes what is too old.
    static func clean(_ rules: AdmissionRules, at now: Timestamp, _ db: Database) throws {
        try db.run(
            "DELETE FROM admission WHERE state = 'asked' AND askedAt <= ?", [(now - rules.openFor).rawValue])
        try db.run("DELETE FROM admission WHERE decidedAt <= ?", [(now - rules.decidedFor).rawValue])
    }

    /// Makes an event a request, or adds it to the one that there is.
    static func add(
        _ event: InboundEvent, of draft: AdmissionDraft, _ rules: AdmissionRules, _ db: Database
    ) throws -> AdmissionReply {
        let payload = try JSONText.encode(event)
        let known = try fetch(of: draft.person, db)
        switch known?.state {
        case .asked:
            if let known, let earlier = known.event, event.isWorthMore(than: earlier) {
                try db.run("UPDATE admission SET payload = ? WHERE id = ?", [payload, known.id.rawValue])
            }
            return .waiting
        case .denied, .blocked: return .denied
        // Let in once, and shut out since: it begins anew.
        case .allowed: try db.run("DELETE FROM admission WHERE entry = ?", [draft.person])
        case nil: break
        }
        guard try db.number("SELECT count(*) FROM admission WHERE state = 'asked'") < rules.mostOpen else {
            return .full
        }
        try db.run(
            "INSERT INTO admission (entry, name, state, askedAt, payload) VALUES (?, ?, 'asked', ?, ?)",
            [draft.person, draft.name, draft.at.rawValue, payload])
        return .asked
    }

    /// Notes a decision about a request.
    static func decide(
        _ id: AdmissionID, as state: AdmissionState, by decidedBy: String, at now: Timestamp, _ db: Database
    ) throws {
        try db.run(
            "UPDATE admission SET state = ?, decidedBy = ?, decidedAt = ?, payload = NULL WHERE id = ?",
            [state.rawValue, decidedBy, now.rawValue, id.rawValue])
    }

    /// Stores what somebody had said as an event once more, because they are let in now.
    static func admit(
        _ request: AdmissionRequest, at now: Timestamp, _ db: Database
    ) throws -> InboxEntry? {
        guard let event = request.event?.admitted(by: request.id, at: now) else { return nil }
        let conversation = event.conversation
        let row = try db.row(
            """
            INSERT INTO inbox (platform, account, externalID, conversation, payload, receivedAt)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (externalID, account, platform) DO NOTHING RETURNING id
            """,
            [
                conversation.platform.rawValue, conversation.account, event.externalID, conversation.description,
                try JSONText.encode(event), now.rawValue,
            ])
        return row.map { InboxEntry(id: InboxID($0[0]), event: event) }
    }

    /// Ends the request of somebody who is let in by a code. Returns it, if what they had said is still to be answered: a command is not,
    /// for it was most likely the one that opens the chat.
    static func close(
        of person: String, by decidedBy: String, at now: Timestamp, _ db: Database
    ) throws -> AdmissionRequest? {
        guard let request = try fetch(of: person, db), request.state != .allowed else { return nil }
        try decide(request.id, as: .allowed, by: decidedBy, at: now, db)
        if case .command = request.event?.body { return nil }
        return request.state == .asked ? request : nil
    }
}
