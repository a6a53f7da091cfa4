"use strict";
// Shows /api/health and /api/sessions, again every five seconds. Texts are set as text, never as markup.

const byId = (id) => document.getElementById(id);

function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h ago";
  return Math.floor(seconds / 86400) + " days ago";
}

function row(cells) {
  const tr = document.createElement("tr");
  for (const cell of cells) {
    const td = document.createElement("td");
    td.textContent = cell.text;
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

async function refresh() {
  try {
    const [health, stats, list] = await Promise.all([
      get("/api/health"), get("/api/sessions?stats=true"), get("/api/sessions?limit=50"),
    ]);
    byId("summary").textContent =
      "Version " + health.version + " · answers come from " + health.model + " · database " + health.store.state +
      (health.store.problem ? ": " + health.store.problem : "");
    byId("links").replaceChildren(...Object.entries(health.links).sort().map(([name, link]) => row([
      { text: name }, { text: link.state, kind: kinds[link.state] },
      { text: link.state === "off" ? "" : age(link.age_ms) }, { text: link.problem || "" },
    ])));
    const s = stats.data;
    byId("statistics").textContent =
      s.active_sessions + " active of " + s.total_sessions + " · " + s.total_messages + " messages · " +
      s.total_tokens + " tokens";
    byId("sessions").replaceChildren(...list.data.map((session) => row([
      { text: String(session.id) }, { text: session.interface_type + " " + session.external_chat_id },
      { text: String(session.message_count) }, { text: session.total_tokens + " of " + session.token_limit },
      { text: age(Date.now() - session.last_active_at) },
    ])));
    byId("no-sessions").hidden = list.data.length > 0;
  } catch (error) {
    byId("summary").textContent = "mybot does not answer. Is it still running?";
  }
}

refresh();
setInterval(refresh, 5000);
