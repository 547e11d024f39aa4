/* The in-app inbox: banner, tooltip and widget from one script; no framework, no cookie, no style or script in the page.
   <script src=".../static/inbox.js" data-token-url="/lotse-token" data-anchors='{"first-event": "#host"}' defer></script> */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || customElements.get("lotse-inbox")) return;
  const data = script.dataset;
  const base = (data.endpoint || new URL(script.src, location.href).origin).replace(/\/+$/, "");
  const language = (data.lang || document.documentElement.lang || navigator.language || "en").slice(0, 2).toLowerCase() === "de" ? "de" : "en";
  const W = {
    en: {
      title: "For you", open_panel: "Open what is here for you", count: "{n} new", close: "Close", dismiss: "Dismiss", open: "Open", why: "You see this because {why}",
      helpful: "Helpful", not_helpful: "Not helpful", more: "More choices", wrong_moment: "Wrong moment", snooze_7d: "Pause 7 days", snooze_30d: "Pause 30 days",
      stop_kind: "Stop this kind", stop_all: "Stop all", pinned: "Good to know", steps: "Show the steps", progress: "{n} of {m} done", over: "Start over",
      preferences: "Choose what you get, and when", thanks: "Thank you.", gone: "Done. You will not see it again.", quiet: "Done. It will be quiet now.",
      failed: "That was not saved. Please try again.", news: "New for you: {title}", empty: "Nothing new.", hint: "Tip", banner: "Notice", no_steps: "The steps cannot be shown just now.",
    },
    de: {
      title: "Für dich", open_panel: "Öffnen, was für dich da ist", count: "{n} neu", close: "Schließen", dismiss: "Ausblenden", open: "Öffnen", why: "Du siehst das, weil {why}",
      helpful: "Hilfreich", not_helpful: "Nicht hilfreich", more: "Weitere Möglichkeiten", wrong_moment: "Falscher Moment", snooze_7d: "7 Tage Pause", snooze_30d: "30 Tage Pause",
      stop_kind: "Diese Art abstellen", stop_all: "Alles abstellen", pinned: "Gut zu wissen", steps: "Schritte zeigen", progress: "{n} von {m} erledigt", over: "Von vorn",
      preferences: "Aussuchen, was du bekommst und wann", thanks: "Danke.", gone: "Erledigt. Es kommt nicht wieder.", quiet: "Erledigt. Jetzt ist Ruhe.",
      failed: "Das wurde nicht gespeichert. Bitte versuch es noch einmal.", news: "Neu für dich: {title}", empty: "Nichts Neues.", hint: "Tipp", banner: "Hinweis", no_steps: "Die Schritte lassen sich gerade nicht zeigen.",
    },
  }[language];
  const say = (key, values = {}) => W[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const CSS = `
:host { all: initial; color-scheme: light dark; --back: #fff; --ink: #17212b; --soft: #52606d; --line: #d5dce2; --edge: #7b8894; --accent: var(--lotse-accent, #1f5f7a); --on: #fff; --tint: #e5f0f4; --shade: 0 .5rem 2rem rgb(16 32 44 / .22);
  font: 16px/1.5 var(--lotse-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif); color: var(--ink); }
@media (prefers-color-scheme: dark) { :host { --back: #182028; --ink: #e8edf1; --soft: #a5b2be; --line: #2e3a45; --edge: #7d8b98; --accent: var(--lotse-accent-dark, #7fc4de); --on: #0b2530; --tint: #17323d; --shade: 0 .5rem 2rem rgb(0 0 0 / .6); } }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.banner, .tip, .panel, .launch { position: fixed; z-index: 2147483000; }
.banner { top: 0; left: 0; right: 0; background: var(--back); border-bottom: 1px solid var(--line); box-shadow: var(--shade); padding: .75rem 1rem; }
.banner > div { max-width: 60rem; margin: 0 auto; } .banner .text, .banner .why { display: inline; margin-right: .5rem; }
.tip { width: 20rem; max-width: calc(100vw - 1rem); background: var(--back); border: 1px solid var(--line); border-radius: .6rem; box-shadow: var(--shade); padding: .9rem 1rem; }
.launch { right: 1rem; bottom: 1rem; width: 3.25rem; height: 3.25rem; padding: 0; border-radius: 50%; box-shadow: var(--shade); }
.launch svg { width: 2rem; height: 2rem; }
.badge { position: absolute; top: -.15rem; right: -.15rem; min-width: 1.35rem; height: 1.35rem; padding: 0 .3rem; border-radius: 1rem; background: #b3261e; color: #fff; font-size: .78rem; font-weight: 700; line-height: 1.35rem; }
.panel { right: 1rem; bottom: 5rem; width: 24rem; max-width: calc(100vw - 2rem); max-height: min(38rem, calc(100vh - 7rem)); overflow-y: auto; background: var(--back); border: 1px solid var(--line); border-radius: .8rem; box-shadow: var(--shade); }
.head { position: sticky; top: 0; display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: .6rem .6rem .6rem 1rem; background: var(--back); border-bottom: 1px solid var(--line); z-index: 1; }
.foot { padding: .9rem 1rem; border-top: 1px solid var(--line); font-size: .9rem; }
h2, h3, h4, p, ul, ol { margin: 0; padding: 0; } h2 { font-size: 1.05rem; } h3 { font-size: 1rem; line-height: 1.35; } .part { font-size: .85rem; color: var(--soft); padding: 1rem 1rem 0; }
article { padding: 1rem; } article + article { border-top: 1px solid var(--line); }
.more { margin-top: .9rem; font-size: .95rem; } .text { margin-top: .3rem; } .why { margin-top: .4rem; font-size: .85rem; color: var(--soft); } .said { margin-top: .5rem; font-weight: 600; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; align-items: center; }
a { color: var(--accent); text-underline-offset: .18em; }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.35rem; padding: .25rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--back); color: var(--accent); font: inherit; font-size: .925rem; font-weight: 600; line-height: 1.2; text-decoration: none; cursor: pointer; }
button:hover { background: var(--tint); } .main { background: var(--accent); border-color: var(--accent); color: var(--on); } .main:hover { background: var(--accent); filter: brightness(1.1); }
.bare { border-color: transparent; padding-inline: .5rem; font-weight: 500; } .tight { gap: .15rem; margin: .4rem 0 0 -.5rem; } .icon { width: 2.5rem; padding: 0; font-size: 1.3rem; line-height: 1; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul, ol { list-style: none; } .steps li { margin-top: .35rem; } .steps label { display: flex; gap: .6rem; align-items: flex-start; padding: .3rem 0; } .steps input { width: 1.2rem; height: 1.2rem; margin: .15rem 0 0; flex: none; accent-color: var(--accent); }
progress { appearance: none; display: block; width: 100%; height: .4rem; border: 0; border-radius: 1rem; overflow: hidden; background: var(--line); margin-top: .6rem; } progress::-webkit-progress-bar { background: var(--line); } progress::-webkit-progress-value { background: var(--accent); } progress::-moz-progress-bar { background: var(--accent); }
.ways { display: grid; gap: .5rem; margin-top: .6rem; } .ways button { justify-content: flex-start; text-align: left; }
@media (prefers-reduced-motion: no-preference) { .banner, .tip, .panel { animation: come .16s ease-out; } @keyframes come { from { opacity: 0; transform: translateY(.4rem); } } }
@media (max-width: 30rem) { .panel { right: .5rem; left: .5rem; width: auto; max-width: none; } }`;
  const ICON = "M22.5 8.2 18.3 18.3 8.2 22.5l5.5-8.8z";

  /** Make an element; children are elements or text, never markup. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value != null) element.setAttribute(key, value);
    }
    element.append(...children.filter((one) => one != null && one !== false));
    return element;
  };
  const kept = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* not allowed here */ } } };
  const anchors = (() => { try { return JSON.parse(data.anchors || "{}"); } catch { return {}; } })();
  const anchorOf = (item) => { try { return anchors[item.resource] ? document.querySelector(anchors[item.resource]) : null; } catch { return null; } };

  let token = data.token || "";
  const freshToken = async () => {
    if (!data.tokenUrl) return token;
    const answer = await fetch(data.tokenUrl, { credentials: "same-origin", headers: { accept: "text/plain" } });
    if (!answer.ok) throw new Error("no token");
    return (token = (await answer.text()).trim());
  };
  const ask = async (path, options = {}, again = true) => {
    if (!token) await freshToken();
    const headers = { ...options.headers, authorization: `Bearer ${token}`, "accept-language": language };
    const answer = await fetch(base + path, { ...options, headers, credentials: "omit", cache: "no-store" });
    if (answer.status === 401 && again && data.tokenUrl) { token = ""; return ask(path, options, false); }
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };

  class LotseInbox extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #items = [];
    #pinned = [];
    #cards = new Map();
    #seen = new Set();
    #known = null;
    #closed = new Set();
    #stopped = false;

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.#root.adoptedStyleSheets = [sheet];
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("viewBox", "0 0 32 32");
      icon.setAttribute("aria-hidden", "true");
      const needle = document.createElementNS("http://www.w3.org/2000/svg", "path");
      needle.setAttribute("d", ICON);
      needle.setAttribute("fill", "currentColor");
      icon.append(needle);
      this.badge = make("span", { class: "badge", "aria-hidden": "true", hidden: true });
      this.launch = make("button", { class: "launch main", type: "button", "aria-expanded": "false", "aria-label": W.open_panel, hidden: true, onclick: () => this.toggle() }, icon, this.badge);
      this.list = make("div");
      this.pins = make("div");
      this.preferences = make("a", { target: "_blank", rel: "noopener" }, W.preferences);
      this.panel = make("div", { class: "panel", role: "dialog", "aria-label": W.title, tabindex: "-1", hidden: true },
        make("div", { class: "head" }, make("h2", {}, W.title), make("button", { class: "icon bare", type: "button", "aria-label": W.close, onclick: () => this.toggle(false) }, "×")),
        this.list, this.pins, make("p", { class: "foot" }, this.preferences));
      this.banner = make("section", { class: "banner", "aria-label": W.banner, hidden: true });
      this.tip = make("section", { class: "tip", "aria-label": W.hint, hidden: true });
      this.live = make("p", { class: "hidden", role: "status" });
      this.#root.append(this.banner, this.tip, this.launch, this.panel, this.live);
      this.#root.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        if (!this.panel.hidden && this.panel.contains(this.#root.activeElement)) this.toggle(false);
        else for (const place of [this.tip, this.banner]) if (place.contains(this.#root.activeElement)) this.#act(place.item, "dismissed", place);
      });
      const place = () => this.#place();
      addEventListener("scroll", place, { passive: true, capture: true });
      addEventListener("resize", place, { passive: true });
    }

    connectedCallback() { this.#run(); }
    disconnectedCallback() { this.#stopped = true; }

    /** Open or close the widget; the focus goes with it. */
    toggle(open = this.panel.hidden) {
      this.panel.hidden = !open;
      this.launch.setAttribute("aria-expanded", String(open));
      if (open) {
        this.panel.focus();
        this.#shownInPanel().forEach((item) => this.#see(item));
        this.#count();
      } else this.launch.focus();
    }

    /** Keep a stream open; a server that is away is asked again, ever less often, and nobody notices. */
    async #run() {
      for (let wait = 2; !this.#stopped; ) {
        const began = Date.now();
        try { await this.#follow(); wait = 2; } catch { if (Date.now() - began > 60000) wait = 2; }
        await new Promise((go) => setTimeout(go, wait * 1000 * (0.5 + Math.random())));
        wait = Math.min(wait * 2, 300);
      }
    }

    async #follow() {
      const place = data.place ? `?place=${encodeURIComponent(data.place)}` : "";
      const reader = (await ask(`/inbox/stream${place}`)).body.getReader();
      const decoder = new TextDecoder();
      for (let text = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) return;
        const parts = (text + decoder.decode(value, { stream: true })).split("\n\n");
        text = parts.pop();
        for (const part of parts) {
          const line = part.split("\n").find((one) => one.startsWith("data: "));
          if (line) this.#show(JSON.parse(line.slice(6)));
        }
      }
    }

    #show(found) {
      this.#items = found.items;
      this.#pinned = found.pinned;
      this.preferences.href = base + found.preferences;
      const fresh = found.items.filter((item) => this.#known && !this.#known.has(item.id));
      this.#known = new Set(found.items.map((item) => item.id));
      if (fresh.length) this.live.textContent = say("news", { title: fresh[0].title });
      this.#draw();
    }

    #draw() {
      const held = this.#root.activeElement;
      const lost = () => held && !this.#root.contains(held);
      const inBanner = this.#items.find((item) => ["urgent", "high"].includes(item.priority) && !anchorOf(item) && !this.#closed.has(item.id));
      const inTip = !inBanner && this.#items.find((item) => anchorOf(item) && !this.#closed.has(item.id)); // one thing at a time
      this.#fill(this.banner, inBanner);
      this.#fill(this.tip, inTip || undefined);
      this.#place();
      const shown = this.#shownInPanel();
      this.#sync(this.list, shown, (item) => this.#card(item, true));
      if (!shown.length) this.list.replaceChildren(make("p", { class: "part" }, W.empty));
      this.#sync(this.pins, this.#pinned, (item) => this.#card(item, false));
      if (this.#pinned.length && !this.pins.querySelector(".part")) this.pins.prepend(make("h3", { class: "part" }, W.pinned));
      if (!this.#pinned.length) this.pins.replaceChildren();
      this.launch.hidden = !this.#items.length && !this.#pinned.length && this.panel.hidden;
      if (!this.panel.hidden) shown.forEach((item) => this.#see(item));
      this.#count();
      if (lost()) (this.panel.hidden ? this.launch : this.panel).focus();
    }

    #shownInPanel() { return this.#items.filter((item) => item !== this.banner.item && item !== this.tip.item && item.id !== this.banner.item?.id && item.id !== this.tip.item?.id); }

    #count() {
      const count = this.#shownInPanel().filter((item) => !this.#seen.has(item.id)).length;
      this.badge.hidden = !count;
      this.badge.textContent = String(count);
      this.launch.setAttribute("aria-label", count ? `${W.open_panel} (${say("count", { n: count })})` : W.open_panel);
    }

    /** Show an item in the banner or the tooltip; what is there already stays untouched, so that no focus is lost. */
    #fill(place, item) {
      if (place.item?.id === item?.id) { place.item = item; return; }
      place.item = item;
      place.hidden = !item;
      place.replaceChildren(...(item ? [make("div", {}, ...this.#inside(item, place, true))] : []));
      if (item) this.#see(item);
    }

    #sync(parent, items, card) {
      const wanted = new Set(items.map((item) => item.id));
      for (const one of [...parent.children]) if (!wanted.has(one.dataset.id) && !one.matches("h3.part")) { one.remove(); this.#cards.delete(one.dataset.id); }
      for (let before = null, at = items.length - 1; at >= 0; at--) {
        if (!this.#cards.has(items[at].id)) this.#cards.set(items[at].id, card(items[at]));
        const one = this.#cards.get(items[at].id);
        if (one.parentNode !== parent) parent.insertBefore(one, before);
        before = one;
      }
    }

    #card(item, own) {
      const card = make("article", { "data-id": item.id });
      card.item = item;
      card.append(...this.#inside(item, card, own));
      return card;
    }

    /** A further part of a digest: what it is, why it is there, the way to it. */
    #part(part, lang, heading, own) {
      return make("div", {}, make(heading, { lang, class: "more" }, part.title), make("p", { class: "text", lang }, part.text), part.because && own && make("p", { class: "why" }, say("why", { why: part.because })),
        make("div", { class: "row" }, make("a", { class: "button", href: base + part.open, target: "_blank", rel: "noopener", "aria-label": `${W.open}: ${part.title}` }, W.open)));
    }

    #inside(item, place, own) {
      const said = make("p", { class: "said", role: "status", hidden: true });
      const button = (name, look = "bare") => item.tokens[name] && make("button", { type: "button", class: look, onclick: () => this.#act(item, name, place) }, W[name]);
      const roomy = place.localName === "article", answers = [button("helpful", roomy ? "bare" : ""), button("not_helpful", roomy ? "bare" : "")];
      const rest = make("div", { class: "row", hidden: true }, ...(roomy ? [] : answers), ...["wrong_moment", "snooze_7d", "snooze_30d", "stop_kind", "stop_all"].map((name) => button(name, "")));
      const more = make("button", { type: "button", class: "bare", "aria-expanded": "false", onclick: () => { rest.hidden = !rest.hidden; more.setAttribute("aria-expanded", String(!rest.hidden)); } }, W.more);
      const guide = make("div");
      const steps = ["checklist", "decision-tree", "how-to"].includes(item.kind) && make("button", { type: "button", onclick: () => this.#guide(item, guide, steps) }, W.steps);
      return [
        make(roomy ? "h3" : "h2", { lang: item.locale }, item.title), make("p", { class: "text", lang: item.locale }, item.text),
        item.because && own && make("p", { class: "why" }, say("why", { why: item.because })), said,
        make("div", { class: "row" }, make("a", { class: "button main", href: base + item.open, target: "_blank", rel: "noopener" }, W.open), steps || null, own && item.tokens.dismissed && make("button", { type: "button", onclick: () => this.#act(item, "dismissed", place) }, W.dismiss), own && !roomy && more),
        guide, ...item.parts.map((part) => this.#part(part, item.locale, roomy ? "h4" : "h3", own)), own && roomy && make("div", { class: "row tight" }, ...answers, more), own && rest,
      ].map((one) => one || null).filter(Boolean);
    }

    #see(item) {
      if (this.#seen.has(item.id) || !item.tokens.seen) return;
      this.#seen.add(item.id);
      this.#press(item.tokens.seen).catch(() => {});
    }

    #press(token) { return ask("/inbox/act", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) }); }

    /** Do what a button says; it is said to be done only once the server has it. */
    async #act(item, name, place) {
      const said = place.querySelector(".said");
      const tell = (text) => { said.hidden = false; said.textContent = text; };
      try { await this.#press(item.tokens[name]); } catch { return tell(W.failed); }
      if (name === "helpful") return tell(W.thanks);
      const quiet = name.startsWith("s");
      this.live.textContent = quiet ? W.quiet : W.gone;
      this.#closed.add(item.id);
      this.#items = this.#items.filter((one) => one.id !== item.id);
      this.#draw();
    }

    async #guide(item, where, button) {
      let found;
      try { found = await (await ask(`/inbox/guide/${encodeURIComponent(item.resource)}?lang=${item.locale}`)).json(); } catch { return where.replaceChildren(make("p", { class: "why", role: "alert" }, W.no_steps)); }
      button.remove();
      if (found.tree) this.#question(found, found.steps[0], where);
      else this.#checklist(item, found, where);
      where.querySelector("input, button, h3")?.focus();
    }

    #checklist(item, found, where) {
      const key = `lotse:${item.resource}`;
      const done = new Set((kept.get(key) || "").split(" ").filter(Boolean));
      const bar = make("progress", { max: found.steps.length, "aria-hidden": "true" });
      const told = make("p", { class: "why", role: "status" });
      const count = () => { bar.value = found.steps.filter((one) => done.has(one.id)).length; told.textContent = say("progress", { n: bar.value, m: found.steps.length }); };
      const rows = found.steps.map((one) => make("li", {}, make("label", {}, make("input", {
        type: "checkbox", ...(done.has(one.id) ? { checked: true } : {}),
        onchange: (event) => { done[event.target.checked ? "add" : "delete"](one.id); kept.set(key, [...done].join(" ")); count(); },
      }), make("span", { lang: found.locale }, one.title, one.text ? make("span", { class: "why" }, ` ${one.text}`) : ""))));
      count();
      where.replaceChildren(bar, told, make("ul", { class: "steps" }, ...rows));
    }

    #question(found, step, where) {
      const go = (way) => {
        const next = found.steps.find((one) => one.id === way.to);
        if (!next) return open(`${base}/${way.to}`, "_blank", "noopener");
        this.#question(found, next, where);
        where.querySelector("h3").focus();
      };
      where.replaceChildren(
        make("h3", { class: "row", tabindex: "-1", lang: found.locale }, step.title), make("p", { class: "text", lang: found.locale }, step.text),
        make("div", { class: "ways", lang: found.locale }, ...step.ways.map((way) => make("button", { type: "button", onclick: () => go(way) }, way.label))),
        ...(step === found.steps[0] ? [] : [make("div", { class: "row" }, make("button", { type: "button", class: "bare", onclick: () => { this.#question(found, found.steps[0], where); where.querySelector("h3").focus(); } }, W.over))]));
    }

    /** Keep the tooltip beside its anchor, within the window; without the anchor it is not shown. */
    #place() {
      const item = this.tip.item;
      const anchor = item && anchorOf(item);
      this.tip.hidden = !anchor;
      if (!anchor) return;
      const at = anchor.getBoundingClientRect(), own = this.tip.getBoundingClientRect();
      const below = at.bottom + 8 + own.height <= innerHeight || at.top < own.height + 8;
      this.tip.style.top = `${Math.max(8, below ? at.bottom + 8 : at.top - own.height - 8)}px`;
      this.tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
    }
  }

  customElements.define("lotse-inbox", LotseInbox);
  const begin = () => document.body.append(document.createElement("lotse-inbox"));
  if (document.body) begin(); else addEventListener("DOMContentLoaded", begin);
})();
