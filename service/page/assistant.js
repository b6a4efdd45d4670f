"use strict";
// The assistant's page: what is typed is read by /parse, and kept by /events. Nothing that comes from
// outside is ever made into HTML: every text goes in as text.
(() => {
  const id = (name) => document.getElementById(name);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const PARTS = { title: "What", recurrence: "Repeats", repeat: "Repeats", location: "Where", attendees: "Who", timezone: "Zone", zone: "Zone", length: "How long", reminder: "Reminder" };
  const WAIT_MS = 250;
  let key = sessionStorage.getItem("calendar-key") || "";
  let read = null; // what /parse said, with the sentence and the moment
  let chosen = 0; // which of its events
  let draft = null; // the event as it stands after corrections
  let saved = null; // the event that can be undone
  let monday = mondayOf(new Date());

  function make(tag, text, attributes) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    return made;
  }
  function say(where, text, kind) {
    const place = id(where);
    place.textContent = text;
    place.className = `status ${kind || ""}`.trim();
  }

  class Problem extends Error {
    constructor(status, found) {
      super((found && (found.detail || found.title)) || `The service answered ${status}.`);
      this.status = status;
    }
  }
  async function ask(method, path, { body, type, headers, signal, raw } = {}) {
    const sent = { ...headers };
    if (key) sent.Authorization = `Bearer ${key}`;
    if (body !== undefined) sent["Content-Type"] = type || "application/json";
    const text = body === undefined || type ? body : JSON.stringify(body);
    let answer;
    try {
      answer = await fetch(path, { method, headers: sent, body: text, signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(0, { detail: "The service does not answer. What you typed is still here." });
    }
    if (!answer.ok) {
      const found = await answer.json().catch(() => null);
      if (answer.status === 401) shut("This key does not open the calendar.");
      throw new Problem(answer.status, found);
    }
    if (raw) return answer;
    const etag = answer.headers.get("ETag");
    const found = answer.status === 204 ? null : await answer.json();
    return etag && found ? { ...found, etag } : found;
  }

  // --- the key ---------------------------------------------------------------------------------
  function shut(why) {
    const had = Boolean(key);
    key = "";
    sessionStorage.removeItem("calendar-key");
    id("app").hidden = true;
    id("gate").hidden = false;
    id("key-problem").textContent = had ? why : "";
    id("key").focus();
  }
  function open() {
    id("gate").hidden = true;
    id("app").hidden = false;
    id("who").textContent = key ? "open with your key" : "on this machine";
    id("sentence").focus();
    showAddresses();
  }
  id("key-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    key = id("key").value.trim();
    id("key").value = "";
    if (/[^\x21-\x7e]/.test(key)) { shut("That cannot be a key."); id("key-problem").textContent = "That cannot be a key."; return; }
    try {
      await showWeek();
      sessionStorage.setItem("calendar-key", key);
      open();
    } catch (error) {
      id("key-problem").textContent = error.message;
    }
  });

  // --- reading: one request at a time, and only for the newest text -----------------------------
  let timer = 0;
  let flight = null;
  function typed() {
    clearTimeout(timer);
    if (flight) { flight.abort(); flight = null; }
    const text = id("sentence").value.trim();
    if (!text) { forget(); say("reading", ""); return; }
    timer = setTimeout(() => readIt(text), WAIT_MS);
  }
  async function readIt(text) {
    clearTimeout(timer);
    const mine = new AbortController();
    flight = mine;
    const now = localNow();
    try {
      const found = await ask("POST", "/parse", { body: { text, now, timezone: zone, explain: true }, signal: mine.signal });
      if (flight !== mine) return;
      read = { ...found, text, now };
      choose(0);
      say("reading", `Read: ${read.event.title || "no title"}`);
    } catch (error) {
      if (error.name === "AbortError") return;
      forget();
      say("reading", error.message, "bad");
    } finally {
      if (flight === mine) flight = null;
    }
  }
  function forget() {
    read = draft = null;
    id("understood").hidden = true;
    openCorrection(false);
  }
  id("sentence").addEventListener("input", typed);
  id("sentence").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    saveTyped();
  });
  async function saveTyped() { // what stands there now, whatever was read before
    const text = id("sentence").value.trim();
    if (text && (!read || read.text !== text)) { if (flight) flight.abort(); await readIt(text); }
    if (draft && read.text === id("sentence").value.trim()) save();
  }

  // --- what was understood ----------------------------------------------------------------------
  function choose(number) {
    chosen = number;
    const found = read.events[number] || read.event;
    draft = { title: found.title, start: found.start, end: found.end, all_day: found.all_day, timezone: found.timezone, recurrence: found.recurrence, location: found.location, attendees: found.attendees || [] };
    show();
  }
  function show() {
    id("understood").hidden = false;
    showSeveral();
    showWords();
    showFacts();
    showSure();
    const doubts = (read.doubts || []).map((one) => `${one.words ? `“${one.words}”: ` : ""}${one.assumed}`);
    const said = doubts.length ? doubts : read.problems || [];
    id("doubts").replaceChildren(...said.map((text) => make("li", text, { dir: "auto" })));
    showOthers();
    id("save").disabled = !draft.start;
    fill();
  }
  function showSeveral() {
    const many = read.events.length > 1 ? read.events : [];
    id("several").replaceChildren(...many.map((one, number) => {
      const button = make("button", one.title || `Event ${number + 1}`, { type: "button", class: "plain", "aria-pressed": String(number === chosen) });
      button.addEventListener("click", () => { choose(number); id("several").children[number].focus(); });
      return button;
    }));
  }
  function showWords() {
    const letters = Array.from(read.text);
    const found = ((read.explanation && read.explanation.evidence) || [])
      .filter((one) => (PARTS[one.part] || one.stage === "expressions") && one.end > one.start && one.end <= letters.length)
      .sort((a, b) => a.start - b.start || b.end - a.end);
    const pieces = [];
    let at = 0;
    for (const one of found) {
      if (one.start < at) continue;
      pieces.push(document.createTextNode(letters.slice(at, one.start).join("")));
      const marked = make("mark", letters.slice(one.start, one.end).join(""));
      marked.append(make("small", PARTS[one.part] || "When"));
      pieces.push(marked);
      at = one.end;
    }
    pieces.push(document.createTextNode(letters.slice(at).join("")));
    id("words").replaceChildren(...pieces);
  }
  function showFacts() {
    const rows = [["What", draft.title || "no title"], ["When", whenOf(draft)]];
    if (draft.recurrence) rows.push(["Repeats", repeats(draft.recurrence)]);
    if (draft.location) rows.push(["Where", draft.location]);
    if (draft.attendees.length) rows.push(["Who", draft.attendees.join(", ")]);
    if (draft.timezone && draft.timezone !== zone) rows.push(["Zone", draft.timezone]);
    id("facts").replaceChildren(...rows.flatMap(([name, value]) => [make("dt", name), make("dd", value, { dir: "auto" })]));
  }
  function showSure() {
    const sure = (read.events[chosen] || read).confidence;
    const word = sure >= 0.8 ? "Sure" : sure >= 0.6 ? "Fairly sure" : "Not sure: please look closely";
    id("sure").textContent = `${word} (${Math.round(sure * 100)} %)`;
    id("sure-bar").setAttribute("width", String(Math.round(sure * 100)));
    id("sure-bar").closest(".sure").className = `sure ${sure >= 0.8 ? "" : sure >= 0.6 ? "fair" : "low"}`;
  }
  function showOthers() {
    const found = chosen === 0 ? (read.explanation && read.explanation.alternatives) || [] : [];
    const row = make("p", "", { class: "row" });
    for (const one of found.slice(0, 5)) {
      const button = make("button", whenOf({ ...draft, start: one.start, end: one.end }), { type: "button", class: "plain", title: one.reason });
      button.addEventListener("click", () => {
        draft = { ...draft, start: one.start, end: one.end };
        showFacts(); fill();
        say("reading", `Now: ${whenOf(draft)}`);
      });
      row.append(button);
    }
    id("others").replaceChildren(...(found.length ? [make("h3", "Or did you mean"), row] : []));
  }

  // --- correcting -------------------------------------------------------------------------------
  const field = (name) => id(`c-${name}`);
  function openCorrection(open) {
    id("correction").hidden = !open;
    id("correct").setAttribute("aria-expanded", String(open));
    if (open) field("title").focus();
  }
  function fill() {
    field("title").value = draft.title || "";
    field("start").value = (draft.start || "").slice(0, 16);
    field("end").value = (draft.end || "").slice(0, 16);
    field("all-day").checked = draft.all_day;
    field("location").value = draft.location || "";
    field("attendees").value = draft.attendees.join(", ");
    field("recurrence").value = draft.recurrence || "";
  }
  function corrected() {
    const changed = { ...draft };
    changed.title = field("title").value.trim();
    changed.all_day = field("all-day").checked;
    for (const name of ["start", "end"]) {
      const value = field(name).value;
      if (value !== (draft[name] || "").slice(0, 16)) changed[name] = value || null; // the wall clock of the event's zone
    }
    if (changed.all_day !== draft.all_day && changed.all_day) {
      for (const name of ["start", "end"]) if (changed[name]) changed[name] = changed[name].slice(0, 10);
      if (changed.end && changed.end <= changed.start) changed.end = null;
    }
    changed.location = field("location").value.trim() || null;
    changed.attendees = field("attendees").value.split(",").map((one) => one.trim()).filter(Boolean);
    changed.recurrence = field("recurrence").value.trim().replace(/^RRULE:/i, "") || null;
    return changed;
  }
  id("correct").addEventListener("click", () => openCorrection(id("correction").hidden));
  id("correction").addEventListener("submit", (event) => {
    event.preventDefault();
    draft = corrected();
    showFacts();
    save();
  });

  // --- saving, and taking back ------------------------------------------------------------------
  let saving = false;
  async function save() {
    if (saving || !draft || !draft.start) return;
    saving = true;
    id("save").disabled = true;
    const event = { ...draft, title: draft.title || "Event" };
    try {
      saved = await ask("POST", "/events", { body: event, headers: { "Idempotency-Key": crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}` } });
      await tell(event);
      say("outcome", `Saved: ${saved.title}, ${whenOf(saved)}`, "good");
      id("undo-row").hidden = false;
      monday = mondayOf(dateOf(saved.start));
      id("sentence").value = "";
      forget();
      say("reading", "");
      id("sentence").focus();
      await showWeek();
    } catch (error) {
      say("outcome", error.message, "bad");
      id("save").disabled = false;
    } finally {
      saving = false;
    }
  }
  async function tell(event) {
    const was = read.events[chosen] || read.event;
    const changed = {};
    for (const name of ["title", "start", "end", "all_day", "recurrence", "location", "attendees"]) {
      if (JSON.stringify(event[name]) !== JSON.stringify(was[name]) && event[name] !== null) changed[name] = event[name];
    }
    if (!Object.keys(changed).length) return;
    if ("start" in changed || "end" in changed) changed.timezone = event.timezone || zone;
    const body = { decision_id: read.decision_id, rating: 2, correction: changed, sentence: { text: read.text, now: read.now, timezone: zone } };
    await ask("POST", "/feedback", { body }).catch(() => null); // the event is kept whether or not this is
  }
  id("save").addEventListener("click", saveTyped);
  id("undo").addEventListener("click", async () => {
    try {
      await ask("DELETE", `/events/${encodeURIComponent(saved.id)}`, { headers: { "If-Match": saved.etag || "*" } });
      say("outcome", "Taken back.");
      id("undo-row").hidden = true;
      id("sentence").focus();
      await showWeek();
    } catch (error) {
      say("outcome", error.message, "bad");
    }
  });

  // --- the week ---------------------------------------------------------------------------------
  const MOST_SERIES = 30;
  let asked = 0;
  async function showWeek() {
    const mine = ++asked;
    const from = dayText(monday);
    const to = dayText(plusDays(monday, 7));
    const window = `from=${from}T00:00:00&to=${to}T00:00:00&timezone=${encodeURIComponent(zone)}`;
    const found = await ask("GET", `/events?${window}&limit=200`);
    const single = found.events.filter((one) => !one.recurrence);
    const series = found.events.filter((one) => one.recurrence);
    const lists = await Promise.all(series.slice(0, MOST_SERIES).map((one) => ask("GET", `/events/${encodeURIComponent(one.id)}/occurrences?${window}&limit=50`)));
    if (mine !== asked) return;
    const entries = [...single, ...lists.flatMap((one) => one.occurrences)];
    entries.sort((a, b) => dateOf(a.start) - dateOf(b.start));
    drawWeek(entries);
    const more = found.next_cursor || series.length > MOST_SERIES ? " Not all of them are shown." : "";
    say("week-status", `${weekText(monday)}: ${entries.length === 1 ? "1 event" : `${entries.length} events`}.${more}`);
  }
  function drawWeek(entries) {
    const days = [];
    for (let number = 0; number < 7; number += 1) {
      const day = plusDays(monday, number);
      const next = plusDays(day, 1);
      const own = entries.filter((one) => dateOf(one.start) < next && (dateOf(one.end || one.start) > day || (dateOf(one.start) >= day)));
      const row = make("li", "", dayText(day) === dayText(new Date()) ? { class: "now" } : {});
      row.append(make("h3", day.toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" })));
      const list = make("ul");
      for (const one of own) {
        const entry = make("li", "", { dir: "auto" });
        const isWhole = /^\d{4}-\d\d-\d\d$/.test(one.start) || one.all_day;
        entry.append(make("time", isWhole || dateOf(one.start) < day ? "all day" : clock(dateOf(one.start))), document.createTextNode(one.title));
        if (one.location) entry.append(make("span", ` · ${one.location}`, { class: "muted" }));
        list.append(entry);
      }
      row.append(list);
      days.push(row);
    }
    id("week").replaceChildren(...days);
  }
  async function turn(week) {
    monday = week;
    try { await showWeek(); } catch (error) { say("week-status", error.message, "bad"); }
  }
  id("before").addEventListener("click", () => turn(plusDays(monday, -7)));
  id("after").addEventListener("click", () => turn(plusDays(monday, 7)));
  id("today").addEventListener("click", () => turn(mondayOf(new Date())));

  // --- a free time ------------------------------------------------------------------------------
  id("free").addEventListener("submit", async (event) => {
    event.preventDefault();
    id("slots").replaceChildren();
    const days = Number(id("within").value);
    const query = new URLSearchParams({ from: localNow(), to: `${dayText(plusDays(new Date(), days))}T00:00:00`, minutes: id("minutes").value, timezone: zone, count: "6" });
    try {
      const found = await ask("GET", `/slots?${query}`);
      say("free-status", found.slots.length ? `${found.slots.length} free times; choose one to begin an event there.` : "Nothing is free then.");
      id("slots").replaceChildren(...found.slots.map((one) => {
        const item = make("li");
        const button = make("button", whenOf(one), { type: "button", class: "plain" });
        button.addEventListener("click", () => {
          const at = dateOf(one.start);
          id("sentence").value = `Meeting on ${dayText(at)} at ${clock24(at)} for ${id("minutes").value} minutes`;
          id("sentence").focus();
          id("sentence").setSelectionRange(0, 7);
          typed();
        });
        item.append(button);
        return item;
      }));
    } catch (error) {
      say("free-status", error.message, "bad");
    }
  });

  // --- files ------------------------------------------------------------------------------------
  id("import").addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = id("file").files[0];
    if (!file) return;
    try {
      const found = await ask("POST", "/calendar.ics", { body: await file.text(), type: "text/calendar" });
      const left = found.skipped.length ? `, left out: ${found.skipped.length}` : "";
      say("files-status", `New: ${found.created}, replaced: ${found.updated}${left}.`, left ? "bad" : "good");
      const told = [...(found.warnings || []), ...(found.skipped || [])].slice(0, 20);
      id("warnings").replaceChildren(...told.map((one) => make("li", [one.uid, one.reason].filter(Boolean).join(": "), { dir: "auto" })));
      await showWeek();
    } catch (error) {
      say("files-status", error.message, "bad");
    }
  });
  id("export").addEventListener("click", async () => {
    try {
      const answer = await ask("GET", "/calendar.ics", { raw: true });
      const link = make("a", "", { href: URL.createObjectURL(await answer.blob()), download: "calendar.ics" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      say("files-status", "calendar.ics is on its way to your downloads.", "good");
    } catch (error) {
      say("files-status", error.message, "bad");
    }
  });

  // --- secret addresses -------------------------------------------------------------------------
  let madeNow = ""; // whose address is shown, this once
  async function showAddresses() {
    try {
      const { subscriptions } = await ask("GET", "/subscriptions");
      id("addresses").replaceChildren(...subscriptions.map((one) => {
        const made = new Date(one.created_at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
        const item = make("li", "", { class: "line" });
        const end = make("button", "End it", { type: "button", class: "plain", "aria-label": `End the address made ${made}` });
        end.addEventListener("click", () => endAddress(one.id));
        item.append(make("span", `Address made ${made}${one.calendar ? `, of ${one.calendar}` : ""}`, { dir: "auto" }), end);
        return item;
      }));
    } catch (error) {
      say("subscribe-status", error.message, "bad");
    }
  }
  async function endAddress(which) {
    try {
      await ask("DELETE", `/subscriptions/${encodeURIComponent(which)}`);
      if (which === madeNow) { id("made").hidden = true; id("address").value = ""; }
      say("subscribe-status", "Ended: that address shows nothing any more.", "good");
      id("subscribe").focus();
      await showAddresses();
    } catch (error) {
      say("subscribe-status", error.message, "bad");
    }
  }
  id("subscribe").addEventListener("click", async () => {
    id("subscribe").disabled = true;
    try {
      const made = await ask("POST", "/subscriptions", { body: {} });
      madeNow = made.id;
      id("made").hidden = false;
      id("address").value = made.url;
      id("webcal").href = made.webcal.startsWith("webcal://") ? made.webcal : made.url;
      say("subscribe-status", "Made. Copy it now: it is not shown again.", "good");
      id("address").focus();
      id("address").select();
      await showAddresses();
    } catch (error) {
      say("subscribe-status", error.message, "bad");
    } finally {
      id("subscribe").disabled = false;
    }
  });
  id("copy").addEventListener("click", async () => {
    id("address").select();
    try {
      await navigator.clipboard.writeText(id("address").value);
      say("subscribe-status", "Copied.", "good");
    } catch {
      say("subscribe-status", "Your browser keeps the clipboard to itself: the address is marked, copy it by hand.");
      id("address").focus();
    }
  });

  // --- times ------------------------------------------------------------------------------------
  function two(number) { return String(number).padStart(2, "0"); }
  function dayText(date) { return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`; }
  function clock24(date) { return `${two(date.getHours())}:${two(date.getMinutes())}`; }
  function localNow() { const now = new Date(); return `${dayText(now)}T${clock24(now)}:${two(now.getSeconds())}`; }
  function plusDays(date, days) { return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days); }
  function mondayOf(date) { return plusDays(date, -((date.getDay() + 6) % 7)); }
  function dateOf(text) { return new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text); }
  function clock(date) { return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }); }
  function longDay(date) { return date.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" }); }
  function weekText(date) { return `Week of ${date.toLocaleDateString(undefined, { day: "numeric", month: "long" })}`; }
  function whenOf(event) {
    if (!event.start) return "no time was found";
    const start = dateOf(event.start);
    if (event.all_day) {
      const last = event.end ? plusDays(dateOf(event.end.slice(0, 10)), -1) : null;
      const more = last && dayText(last) > event.start.slice(0, 10) ? ` to ${longDay(last)}` : "";
      return `${longDay(dateOf(event.start.slice(0, 10)))}${more}, all day`;
    }
    const end = event.end ? dateOf(event.end) : null;
    const until = end ? (dayText(end) === dayText(start) ? ` to ${clock(end)}` : ` to ${longDay(end)}, ${clock(end)}`) : "";
    return `${longDay(start)}, ${clock(start)}${until}`;
  }
  function repeats(rule) {
    const parts = Object.fromEntries(rule.split(";").map((one) => one.split("=")));
    const names = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };
    const days = { MO: "Monday", TU: "Tuesday", WE: "Wednesday", TH: "Thursday", FR: "Friday", SA: "Saturday", SU: "Sunday" };
    const rest = Object.keys(parts).filter((one) => !["FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST"].includes(one));
    const listed = (parts.BYDAY || "").split(",").filter(Boolean);
    if (!names[parts.FREQ] || rest.length || listed.some((one) => !days[one])) return rule;
    const each = Number(parts.INTERVAL || 1) > 1 ? `every ${parts.INTERVAL} ${names[parts.FREQ]}s` : `every ${names[parts.FREQ]}`;
    const on = listed.length ? ` on ${listed.map((one) => days[one]).join(", ")}` : "";
    const until = parts.UNTIL ? ` until ${parts.UNTIL.slice(0, 4)}-${parts.UNTIL.slice(4, 6)}-${parts.UNTIL.slice(6, 8)}` : "";
    return `${each}${on}${parts.COUNT ? `, ${parts.COUNT} times` : ""}${until}`;
  }

  // --- begin ------------------------------------------------------------------------------------
  id("zone").textContent = zone;
  showWeek().then(open).catch((error) => {
    if (error.status === 401) return;
    open();
    say("week-status", error.message, "bad");
  });
})();
