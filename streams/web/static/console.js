// What htmx brings up to date disturbs nobody: not who reads with the keyboard or has text marked, nor where nothing is new.
(() => {
  "use strict";
  const busy = (stream) => document.hidden || stream.contains(document.activeElement) || String(getSelection()) !== "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (busy(event.target)) event.preventDefault(); // it is asked again at the next turn
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse } = event.detail;
    const fresh = new DOMParser().parseFromString(serverResponse, "text/html").getElementById(target.id);
    // Signed out, the page that comes has no stream: this one stays as it is.
    const same = fresh?.textContent === target.textContent && fresh.hasAttribute("hx-get");
    if (!fresh || same || busy(target)) event.detail.shouldSwap = false;
  });
})();
