"use strict";
// Renews the live part of a page when the server says that there is something new.
(() => {
  const note = document.getElementById("link");
  const live = () => document.querySelector("[data-digest]");
  if (!live() || !window.EventSource) return;
  let busy = false;
  let again = false;
  let wait = 2000;
  const say = (text) => { if (note.textContent !== text) note.textContent = text; };

  function replace(fresh) {
    const old = live();
    const open = new Set([...old.querySelectorAll("details[open]")].map((one) => one.id));
    const focused = document.activeElement && old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(fresh));
    for (const one of live().querySelectorAll("details")) one.open = open.has(one.id);
    const again = focused && document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
  }

  async function renew() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-digest]");
      if (fresh) {
        replace(fresh);
        document.title = page.title;
        document.getElementById("at").replaceWith(document.adoptNode(page.getElementById("at")));
      }
      say("live");
    } catch {
      say("no connection to the console: this page is old");
    } finally {
      busy = false;
      if (again) { again = false; renew(); }
    }
  }

  function listen() {
    const stream = new EventSource("/live");
    stream.addEventListener("open", () => { wait = 2000; say("live"); });
    stream.addEventListener("now", (event) => {
      if (event.data !== live().dataset.digest) renew();
    });
    stream.addEventListener("error", () => {
      say("no connection to the console: this page is old");
      if (stream.readyState === EventSource.CLOSED) {
        setTimeout(listen, wait);
        wait = Math.min(wait * 2, 30000);
      }
    });
  }
  listen();
})();
