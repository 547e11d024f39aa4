// Brings the stream of decisions up to date while the page is looked at. Nothing else; the page works without it.
(() => {
  "use strict";
  const stream = document.getElementById("stream");
  const every = Number(stream?.dataset.again) * 1000;
  if (!stream || !every) return;
  const refresh = async () => {
    // Who reads with the keyboard or has text marked is not disturbed.
    const busy = document.hidden || stream.contains(document.activeElement) || String(getSelection()) !== "";
    if (!busy) {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("stream");
        if (fresh && fresh.textContent !== stream.textContent) stream.replaceChildren(...fresh.childNodes);
      } catch {
        // Signed out, or the console is away: the page stays as it is, and is asked again.
      }
    }
    setTimeout(refresh, every);
  };
  setTimeout(refresh, every);
})();
