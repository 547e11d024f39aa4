// Helps while a playbook is written: says what is wrong, leads to the line, offers what can stand where the cursor is.
// Everything else is done by the server; the page works without it.
(() => {
  "use strict";
  const form = document.getElementById("editor");
  const text = document.getElementById("yaml");
  const box = document.getElementById("problem-box");
  if (!form || !box) return;

  // To the line that a problem lies in.
  const lineStart = (line) => text.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link || !text) return;
    event.preventDefault();
    const line = Number(link.dataset.line);
    const start = lineStart(line);
    const row = text.value.split("\n")[line - 1] ?? "";
    text.focus();
    text.setSelectionRange(start, start + row.length);
    text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight));
  });
  if (!text) return;

  // What is wrong htmx asks, a moment after the last key; where no answer came, again, a few times.
  let tries = 0;
  text.addEventListener("input", () => { tries = 4; });
  for (const failed of ["htmx:sendError", "htmx:responseError"]) {
    text.addEventListener(failed, () => {
      if (tries-- > 0) setTimeout(() => htmx.trigger(text, "again"), 3000); // signed out, or the console is away: the button still checks
    });
  }

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.textContent === fragment.textContent) event.detail.shouldSwap = false; // nothing new: who stands there stays there
  });

  // What can stand here: fields by what they stand under, values by their field; fetched once.
  let asked = null;
  const list = document.createElement("ul");
  list.id = "offers";
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text.dataset.offers);
  list.hidden = true;
  text.after(list);
  for (const [name, value] of [["aria-autocomplete", "list"], ["aria-controls", "offers"], ["aria-haspopup", "listbox"]]) text.setAttribute(name, value);
  let offers = [];
  let chosen = -1;
  let from = 0;
  let turn = 0; // of offering: what was asked for before something else happened comes too late

  const close = () => {
    turn += 1;
    list.hidden = true;
    offers = [];
    chosen = -1;
    text.removeAttribute("aria-activedescendant");
  };

  // The place of the cursor: the field whose value is being written ("" while it is a field's own name), and what it stands under.
  const place = (words) => {
    const before = text.value.slice(0, text.selectionStart);
    const begun = /[\w.:/-]*$/.exec(before)[0];
    const lead = before.slice(0, before.length - begun.length);
    const row = lead.slice(lead.lastIndexOf("\n") + 1);
    const open = [];
    let key = "";
    for (const part of row.matchAll(/([\w.]+)\s*:(?=\s|$)|([{[])|([\]}])|,/g)) {
      if (part[1]) key = part[1];
      else if (part[2]) { open.push(part[2] === "{" ? { under: key, map: true } : { under: key, map: false }); key = ""; }
      else if (part[3]) key = open.pop()?.under ?? "";
      else key = open.at(-1)?.map ? "" : open.at(-1)?.under ?? key;
    }
    const inner = open.at(-1);
    if (inner) return { begun, value: inner.map ? key : inner.under, under: inner.map ? inner.under : "" };
    const indent = /^[\s-]*/.exec(row)[0].length;
    let under = "";
    let depth = indent;
    for (const above of lead.split("\n").slice(0, -1).reverse()) {
      const found = /^([\s-]*)([\w.]+)\s*:\s*(#.*)?$/.exec(above);
      if (found && found[1].length < depth) { under = found[2]; break; }
      if (/^\S/.test(above)) depth = Math.min(depth, 0);
    }
    return { begun, value: key || (/^\s*-\s*$/.test(row) && !words.fields[under] ? under : ""), under };
  };

  const offer = async (always) => {
    const mine = turn += 1;
    asked ??= fetch(text.dataset.words, { credentials: "same-origin", redirect: "error" }).then((answer) => answer.json()).catch(() => ({ fields: {}, values: {} }));
    const words = await asked;
    if (mine !== turn) return;
    const { begun, value, under } = place(words);
    if (!always && begun.length < 2) return close();
    const known = value ? words.values[value] ?? [] : words.fields[under] ?? [];
    const starts = known.filter((one) => one.startsWith(begun) && one !== begun);
    const holds = begun ? known.filter((one) => !one.startsWith(begun) && one.includes(begun)) : [];
    offers = [...starts, ...holds].slice(0, 8).map((one) => (value ? one : `${one}: `));
    if (!offers.length) return close();
    from = text.selectionStart - begun.length;
    chosen = -1;
    text.removeAttribute("aria-activedescendant");
    list.replaceChildren(...offers.map((one, number) => {
      const item = document.createElement("li");
      item.id = `offer-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = one.trim();
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(number); });
      return item;
    }));
    list.hidden = false;
  };

  const take = (number) => {
    text.setRangeText(offers[number], from, text.selectionStart, "end");
    close();
    text.dispatchEvent(new Event("input"));
  };

  const choose = (step) => {
    chosen = (chosen + step + offers.length) % offers.length;
    for (const [number, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(number === chosen));
    text.setAttribute("aria-activedescendant", `offer-${chosen}`);
  };

  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === " ") { event.preventDefault(); offer(true); return; }
    if (event.key === "Escape") turn += 1;
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(chosen); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "Tab") close();
  });
  text.addEventListener("input", () => offer(false));
  text.addEventListener("blur", close);
})();
