"use strict";
// Shows /api/health, /api/sessions and /api/people, again every five seconds. Texts are set as text, never as markup.

const byId = (id) => document.getElementById(id);

function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h ago";
  return Math.floor(seconds / 86400) + " days ago";
}

// What is unfolded stays so when the page is refreshed.
const unfolded = new Set();

function unfolding(cell) {
  const details = document.createElement("details");
  const title = document.createElement("summary");
  const text = document.createElement("p");
  title.textContent = cell.text;
  text.textContent = cell.more;
  details.append(title, text);
  details.open = unfolded.has(cell.key);
  details.addEventListener("toggle", () => details.open ? unfolded.add(cell.key) : unfolded.delete(cell.key));
  return details;
}

function summary(session) {
  const made = session.summaries[0];
  if (!made) return { text: "" };
  return {
    text: made.messages_summarized + " messages in " + made.tokens + " tokens", more: made.text, key: session.id,
  };
}

function row(cells) {
  const tr = document.createElement("tr");
  for (const cell of cells) {
    const td = document.createElement("td");
    if (cell.more) td.append(unfolding(cell)); else td.textContent = cell.text;
    if (cell.kind) td.className = cell.kind;
    tr.append(td);
  }
  return tr;
}

const kinds = { connected: "good", connecting: "wait", conflict: "bad", failed: "bad", off: "" };

async function get(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  return response.json();
}

function person(who, role) {
  return row([
    { text: (who.name ? who.name + " " : "") + who.entry }, { text: role },
    { text: who.since ? new Date(who.since).toISOString().slice(0, 10) : "" }, { text: who.by },
  ]);
}

function showPeople(report) {
  byId("people").replaceChildren(
    ...report.people.map((who) => person(who, who.role)), ...report.waiting.map((who) => person(who, "waits for a decision")));
  byId("no-people").hidden = report.people.length + report.waiting.length > 0;
  byId("rules").replaceChildren(
    ...report.rules.map((rule) => row([{ text: rule.name }, { text: rule.value }, { text: "" }])),
    ...report.budgets.map((budget) => row([{ text: budget.name }, { text: budget.cap || "" }, { text: budget.spent }])));
}

async function refresh() {
  try {
    const [health, stats, list, people] = await Promise.all([
      get("/api/health"), get("/api/sessions?stats=true"), get("/api/sessions?limit=50"), get("/api/people"),
    ]);
    showPeople(people.data);
    byId("summary").textContent =
      "Version " + health.version + " · answers come from " + health.model + " · database " + health.store.state +
      (health.store.problem ? ": " + health.store.problem : "");
    byId("links").replaceChildren(...Object.entries(health.links).sort().map(([name, link]) => row([
      { text: name }, { text: link.state, kind: kinds[link.state] },
      { text: link.state === "off" ? "" : age(link.age_ms) }, { text: link.problem || (link.invite ? "Invite: " + link.invite : "") },
    ])));
    const s = stats.data;
    const asked = s.cache_hits + s.cache_misses;
    byId("statistics").textContent =
      s.active_sessions + " active of " + s.total_sessions + " · " + s.total_messages + " messages, " +
      s.average_session_length.toFixed(1) + " in an active session · " + s.total_tokens + " tokens · " +
      s.summaries + " summaries · " + s.cacheSize + " sessions in memory" +
      (asked ? ", found there " + Math.round(100 * s.cache_hits / asked) + " % of the times" : "");
    byId("sessions").replaceChildren(...list.data.map((session) => row([
      { text: String(session.id) }, { text: session.interface_type + " " + session.external_chat_id },
      { text: String(session.message_count) }, { text: String(session.total_tokens) }, summary(session),
      { text: age(Date.now() - session.last_active_at) },
    ])));
    byId("no-sessions").hidden = list.data.length > 0;
  } catch (error) {
    byId("summary").textContent = "mybot does not answer. Is it still running?";
  }
}

refresh();
setInterval(refresh, 5000);
