// What HTML cannot do alone: one submit per click, polling only in tabs that are seen, focus that survives a swap.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.submitter?.hasAttribute("formaction")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  const button = form.querySelector("[data-busy]");
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});

// A page that comes back from the browser's memory (Back button) must be usable again.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-sent]")) location.reload();
});

addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  const poller = document.querySelector("#progress[data-hx-get]");
  if (!document.hidden && poller) poller.dispatchEvent(new Event("resume"));
});

// A button that had the focus and is gone after a swap hands it to what replaced its part of the page.
let focused = false;
addEventListener("htmx:beforeSwap", (event) => {
  focused = event.detail.target.contains(document.activeElement);
});
addEventListener("htmx:afterSettle", () => {
  if (!focused || document.activeElement !== document.body) return;
  const part = document.getElementById("progress") ?? document.getElementById("assist");
  part.tabIndex = -1;
  part.focus();
});

// A list that is sent again keeps its plans open and its ticks set.
const kept = new Set();
const remember = (event) => {
  for (const part of event.detail.target.querySelectorAll("details[open][id], [name=plan]:checked")) kept.add(part.id);
};
addEventListener("htmx:beforeSwap", remember);
addEventListener("htmx:oobBeforeSwap", remember);
addEventListener("htmx:afterSwap", () => {
  for (const id of kept) {
    const part = document.getElementById(id);
    if (part) part[part.matches("details") ? "open" : "checked"] = true;
  }
  kept.clear();
});

// Everything that only a script can do stays hidden until there is one.
document.documentElement.classList.add("has-script");

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const say = (text) => {
  const region = document.getElementById("announcement");
  if (region) region.textContent = text;
};
const localiseTimes = () => {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const moment = new Date(time.dateTime);
    time.textContent = moment.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) +
      " " + (moment.toLocaleTimeString("en", { timeZoneName: "short" }).split(" ").pop());
    delete time.dataset.local;
  }
};
// Enter in a box of the filters is a change and a submit at once; one request for both is enough.
let asked = null;
addEventListener("htmx:confirm", (event) => {
  if (event.target.id !== "filters") return;
  const wanted = new URLSearchParams(new FormData(event.target)).toString();
  if (wanted === asked) event.preventDefault();
  asked = wanted;
});
addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.elt.id === "filters") asked = null;
});

// What a filter or another order has done to the list is news to those who do not see it.
addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt.id !== "filters") return;
  say(["providers-title", "order-said"].map((id) => document.getElementById(id)?.textContent.trim()).join(". "));
});
addEventListener("DOMContentLoaded", localiseTimes);
addEventListener("htmx:afterSettle", localiseTimes);

const textOf = (part) => part.value ?? part.textContent;

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Outside https the clipboard is closed to scripts; a selected text can still be copied.
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    button.focus();
    if (!copied) return tell(button, "Not allowed", "Copying is not allowed here. Copy the text by hand.");
  }
  tell(button, "Copied", "Copied");
  return true;
}

// The button shows the news for a moment; a second press meanwhile must not take the news for its own words.
function tell(button, shown, said) {
  say(said);
  if (button.dataset.telling) return;
  const words = [...button.childNodes];
  button.dataset.telling = "1";
  button.replaceChildren(shown);
  setTimeout(() => {
    button.replaceChildren(...words);
    delete button.dataset.telling;
  }, 1500);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-copy], [data-zoned]") && !form.elements.tz) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "tz", value: zone });
    form.append(field);
  }
  if (!form.matches("[data-copy]")) return;
  event.preventDefault();
  const button = event.submitter;
  const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`).catch(() => null);
  if (!answer?.ok) return tell(button, "Not fetched", "The text could not be fetched. Try again.");
  // Where scripts may not copy, the text itself opens and can be copied by hand.
  if (!await copy(await answer.text(), button)) form.submit();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-text], [data-copy-from], [data-print]");
  if (!button) return;
  if (button.matches("[data-print]")) print();
  else copy(button.dataset.copyText ?? textOf(document.getElementById(button.dataset.copyFrom)), button);
});
