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

// The address form: pasted text is split at once, and Enter sends it when nothing about it is in doubt. One file with the rest, because
// the first page is the form's and each file more is a request more.
(() => {
  const part = (id) => document.getElementById(id);
  if (!part("address-form")) return;
  let splitting = false; // a button's request is under way
  let goOn = false; // and the person has already pressed Enter
  let typed = false; // or has typed meanwhile
  let pressAgain = null; // the button whose answer came too late for that

  const send = () => part("address-form").requestSubmit(part("look-up"));
  const isStep = (element) => element?.name === "do";
  // After the browser has inserted the text; an Enter that is faster than that already waits.
  const pressSoon = (button) => {
    splitting = true;
    setTimeout(() => {
      const waits = goOn;
      splitting = false;
      button.click();
      goOn = waits && splitting;
    });
  };

  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (box.id === "paste") {
      // A text that was split has done its work: the next one takes its place, which the browser's own undo can take back.
      if (part("reading")) box.select();
      pressSoon(part("split"));
    }
    if (box.id === "street1") takeFromStreet(event.clipboardData.getData("text/plain"), box.value);
  });

  // An earlier address chosen from the list is one whole line.
  document.addEventListener("input", (event) => {
    typed = true;
    const box = event.target;
    if (box.id !== "street1" || !box.list) return;
    if ([...box.list.options].some((option) => option.value === box.value)) takeFromStreet(box.value, "");
  });

  function takeFromStreet(text, before) {
    part("pasted").value = text;
    part("street-was").value = before;
    pressSoon(part("take"));
  }

  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (box.id !== "paste" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const isRead = part("reading") && box.value === box.defaultValue;
    if (splitting) goOn = true;
    else if (isRead && part("assist").dataset.ready) send();
    else if (box.value.trim()) {
      part("split").click();
      goOn = true;
    } else send();
  });

  // Enter or a click on Look up while the split is under way waits for it.
  document.addEventListener("submit", (event) => {
    if (!splitting || event.target.id !== "address-form") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    goOn = true;
  }, true);

  addEventListener("htmx:beforeRequest", (event) => {
    if (isStep(event.detail.elt)) {
      splitting = true;
      goOn = typed = false;
    } else if (splitting && event.detail.elt.id === "hints") event.preventDefault();
  });

  // What was typed while the answer was under way is not lost: the button is pressed again with it.
  addEventListener("htmx:beforeSwap", (event) => {
    const button = event.detail.requestConfig?.elt;
    if (!isStep(button) || !typed || !event.detail.shouldSwap) return;
    event.detail.shouldSwap = false;
    pressAgain = button;
  });

  addEventListener("htmx:afterRequest", (event) => {
    // One that failed is told below; one that was replaced by another has nothing to say.
    if (!isStep(event.detail.requestConfig.elt) || !event.detail.successful) return;
    if (pressAgain) pressSoon(pressAgain);
    else {
      splitting = false;
      // 204: just a street was pasted into the street box, so Enter meant what it always means there.
      if (goOn && (event.detail.xhr.status === 204 || part("assist").dataset.ready === "clear")) send();
      goOn = false;
    }
    pressAgain = null;
  });

  for (const kind of ["responseError", "sendError", "timeout"]) {
    addEventListener(`htmx:${kind}`, (event) => {
      if (!isStep(event.detail.requestConfig.elt)) return;
      splitting = goOn = false;
      tell(event.detail.xhr.status);
    });
  }

  function tell(status) {
    const text = status === 413
      ? "This text is too long. Paste just the part with the address."
      : "The text could not be split just now. Try again, or fill in the boxes.";
    part("hint").textContent = text;
    part("announcement").textContent = text;
  }
})();
