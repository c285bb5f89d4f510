// What HTML cannot do alone.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.submitter?.hasAttribute("formaction")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  // Back leads to a form that holds what was sent.
  if (form.dataset.back) history.replaceState(history.state, "", form.dataset.back);
  const button = form.querySelector("[data-busy]");
  button.dataset.words ??= button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
  say(button.dataset.busy);
  if (button.dataset.waiting) setTimeout(() => say(button.textContent = button.dataset.waiting), 5000);
});

// Back brings the page out of the browser's memory.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-sent]")) location.reload();
});

addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const poller of document.querySelectorAll("[data-hx-trigger$=resume]")) poller.dispatchEvent(new Event("resume"));
});

// A focused button that a swap removes hands the focus on.
let focused = false;
addEventListener("htmx:beforeSwap", (event) => {
  focused = event.detail.target.contains(document.activeElement);
});
addEventListener("htmx:oobBeforeSwap", (event) => {
  focused ||= event.detail.target.contains(document.activeElement);
});
addEventListener("htmx:afterSettle", () => {
  if (!focused || document.activeElement !== document.body) return;
  const part = document.getElementById("progress") ?? document.getElementById("assist");
  if (!part) return;
  part.tabIndex = -1;
  part.focus();
});

// A row that was closed by hand is not opened by the next answer.
document.addEventListener("toggle", (event) => {
  const box = event.target.querySelector(":scope > [name=open]");
  if (box) box.disabled = !event.target.open;
}, true);

// A new list keeps what else was unfolded and ticks set.
const kept = new Set();
let focusedId = "";
const remember = (event) => {
  if (event.detail.target.contains(document.activeElement)) focusedId = document.activeElement.id;
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
  // What was closed a moment ago could not take the focus back.
  if (focusedId && document.activeElement === document.body) document.getElementById(focusedId)?.focus();
  focusedId = "";
});

// Shown only where scripts run.
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
// What is typed is asked for after a pause, and once more when the box is left or Enter is pressed.
let asked = null;
addEventListener("htmx:confirm", (event) => {
  if (event.target.id !== "filters") return;
  const wanted = new URLSearchParams(new FormData(event.target)).toString();
  if (wanted === asked) event.preventDefault();
  asked = wanted;
});
for (const kind of ["responseError", "sendError", "timeout", "historyRestore"]) addEventListener(`htmx:${kind}`, () => asked = null);

// Filtering is news to those who do not see it.
addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt.id !== "filters") return;
  say(["providers-title", "order-said"].map((id) => document.getElementById(id)?.textContent.trim()).join(". "));
});

// Two to four plans can be compared.
const countSelected = () => {
  const button = document.getElementById("compare-button");
  if (!button) return;
  const count = document.querySelectorAll("[name=plan]:checked").length;
  document.getElementById("selected").textContent = count < 2 ? `${count} selected. Select 2 to 4 plans` : `${count} selected`;
  button.disabled = count < 2 || count > 4;
};
document.addEventListener("change", countSelected);
document.addEventListener("reset", () => setTimeout(countSelected));
addEventListener("DOMContentLoaded", countSelected);
addEventListener("pageshow", countSelected);
addEventListener("htmx:afterSettle", countSelected);

// A toolbar is one Tab stop; arrows move inside it.
const controlsOf = (bar) => [...bar.querySelectorAll("button, a, summary, input")].filter((part) => part.checkVisibility() && !part.closest(".menu-list"));
const tame = () => {
  for (const bar of document.querySelectorAll("[role=toolbar]")) {
    const controls = controlsOf(bar);
    const stop = controls.find((part) => part === document.activeElement) ?? controls.find((part) => part.tabIndex === 0 && part.hasAttribute("tabindex")) ?? controls[0];
    for (const part of controls) part.tabIndex = part === stop ? 0 : -1;
  }
};
addEventListener("DOMContentLoaded", tame);
addEventListener("htmx:afterSettle", tame);
addEventListener("resize", tame);
document.addEventListener("focusin", (event) => {
  if (event.target.closest("[role=toolbar]")) tame();
});
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest("[role=toolbar]");
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!bar || !step || event.target.closest(".menu-list")) return;
  event.preventDefault();
  const controls = controlsOf(bar);
  controls.at((controls.indexOf(event.target) + step) % controls.length).focus();
});

// One menu at a time; Escape and a click elsewhere close it.
const closeMenus = (but) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(but)) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement?.closest(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The page for paper has every plan.
addEventListener("load", () => {
  if (document.querySelector(".for-paper")) print();
});
document.addEventListener("keydown", (event) => {
  const button = document.getElementById("print");
  if (!button || event.key !== "p" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  button.click();
});

// A paste outside any box is an address.
document.addEventListener("paste", (event) => {
  const box = document.getElementById("find") ?? document.getElementById("paste");
  if (!box || event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
});
addEventListener("DOMContentLoaded", localiseTimes);
addEventListener("htmx:afterSettle", localiseTimes);

// A sheet may be dropped on any page.
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const { files } = event.dataTransfer;
  const [batches, token] = [document.getElementById("batches"), document.querySelector("[name=csrf_token]")];
  if (!files.length || !batches || !token) return;
  event.preventDefault();
  const form = Object.assign(document.createElement("form"), { action: batches.href, method: "post", enctype: "multipart/form-data", hidden: true });
  form.append(token.cloneNode(), Object.assign(document.createElement("input"), { type: "file", name: "sheet", files }));
  document.body.append(form);
  say("Reading…");
  form.submit();
});

const textOf = (part) => part.value ?? part.textContent;

// A text, or the promise of one. Safari writes only what it is handed before the click's own code has ended.
async function copy(text, button) {
  const asBlob = async () => new Blob([await text], { type: "text/plain" });
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": asBlob() })]);
  } catch {
    text = await text;
    // Outside https only a selection can be copied.
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

// A second press must not take the news for the button's words.
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
  if (form.matches("[data-zoned]") && !form.elements.tz) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "tz", value: zone });
    form.append(field);
  }
  const button = event.submitter;
  if (!button?.matches("[data-copy]")) return;
  event.preventDefault();
  const text = fetch(`${button.hasAttribute("formaction") ? button.formAction : form.action}?${new URLSearchParams(new FormData(form))}`).then((answer) => {
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  });
  try {
    // By hand, then.
    if (await copy(text, button)) return;
    button.removeAttribute("data-copy");
    form.requestSubmit(button);
    button.setAttribute("data-copy", "");
  } catch {
    tell(button, "Not fetched", "The text could not be fetched. Try again.");
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-text], [data-copy-from], [data-print]");
  if (!button) return;
  if (button.matches("[data-print]")) print();
  else copy(button.dataset.copyText ?? textOf(document.getElementById(button.dataset.copyFrom)), button);
});

// The address form: a paste is split at once; Enter sends what is not in doubt. Here because a file more is a request more.
(() => {
  const part = (id) => document.getElementById(id);
  if (!part("address-form")) return;
  let splitting = false; // a button's request is under way
  let goOn = false; // and the person has already pressed Enter
  let typed = false; // or has typed meanwhile
  let pressAgain = null; // the button whose answer came too late for that

  const send = () => part("address-form").requestSubmit(part("look-up"));
  const isStep = (element) => element?.name === "do";
  // After the text is in the box; a faster Enter waits.
  const pressSoon = (button) => {
    // In a frame it may not be there yet; what was pasted is read when it is sent.
    if (!globalThis.htmx) return;
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
      // Replaces the text before it, and undo brings that back.
      if (part("reading")) box.select();
      pressSoon(part("split"));
    }
    if (box.id === "street1") takeFromStreet(event.clipboardData.getData("text/plain"), box.value);
  });

  // Chosen from the list: one whole line.
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
    else if (box.value.trim() && globalThis.htmx) {
      part("split").click();
      goOn = true;
    } else send();
  });

  // Look up waits for a split under way.
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

  // What was typed meanwhile is not lost.
  addEventListener("htmx:beforeSwap", (event) => {
    const button = event.detail.requestConfig?.elt;
    if (!isStep(button) || !typed || !event.detail.shouldSwap) return;
    event.detail.shouldSwap = false;
    pressAgain = button;
  });

  addEventListener("htmx:afterRequest", (event) => {
    // A failed one is told below, a replaced one not at all.
    if (!isStep(event.detail.requestConfig.elt) || !event.detail.successful) return;
    if (pressAgain) pressSoon(pressAgain);
    else {
      splitting = false;
      // 204: it was just a street.
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
      : "The text could not be read just now. Try again, or fill in the fields.";
    part("hint").textContent = text;
    part("announcement").textContent = text;
  }
})();

// In a frame of another site's page: what that page is told, and what it may ask for.
(() => {
  const { frame: origin, form: formAddress } = document.documentElement.dataset;
  if (!origin || parent === self) return;
  const tell = (type, more) => parent.postMessage({ ...more, type: `hum:${type}`, version: 1 }, origin);
  const part = (id) => document.getElementById(id);

  let height = 0;
  const measure = () => {
    const now = Math.ceil(document.body.getBoundingClientRect().height);
    if (now !== height) tell("resize", { height: height = now });
  };

  // Places in the frame take each other's place: the parent's Back button leads out of its page, not back in here.
  const goTo = (address) => location.replace(address);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.target || link.hasAttribute("download") || link.origin !== new URL(document.baseURI).origin || link.getAttribute("href").startsWith("#")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    goTo(link.href);
  });
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return;
    const address = new URL(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action);
    const data = new URLSearchParams(new FormData(form, submitter));
    if ((submitter?.getAttribute("formmethod") ?? form.method) !== "post") {
      if (form.matches("[data-zoned]") || form.target) return;
      event.preventDefault();
      address.search = data;
      return goTo(address);
    }
    event.preventDefault();
    if (form.id === "address-form") tell("submitted");
    try {
      const answer = await fetch(address, { method: "post", body: data });
      if (answer.redirected) return goTo(answer.url);
      document.body.replaceWith(document.adoptNode(new DOMParser().parseFromString(await answer.text(), "text/html").body));
      globalThis.htmx?.process(document.body);
      look();
    } catch {
      // Not the browser's own page of errors, which would take the form away.
      const message = "The site could not be reached. Nothing was lost: try again.";
      tell("error", { message });
      say(message);
      if (part("paste-hint")) part("paste-hint").textContent = message;
      const button = form.querySelector("[data-words]");
      if (!button) return;
      delete form.dataset.sent;
      button.removeAttribute("aria-disabled");
      button.textContent = button.dataset.words;
    }
  });

  const later = document.querySelector("meta[name=htmx-later]");
  if (later) addEventListener("focusin", () => {
    document.head.append(Object.assign(document.createElement("script"), { src: later.content, integrity: later.dataset.integrity, crossOrigin: "anonymous" }));
  }, { once: true });

  let told = "";
  let trouble = "";
  const look = () => {
    watch.disconnect();
    watch.observe(document.body);
    const result = part("findings")?.dataset.told ?? "";
    if (result && result !== told) tell("result", JSON.parse(told = result));
    const words = document.querySelector("#trouble h2, #faults h2, .panel-bad h1")?.textContent.trim() ?? "";
    if (words && words !== trouble) tell("error", { message: words });
    trouble = words;
    measure();
  };
  const watch = new ResizeObserver(measure);

  async function share() {
    const address = part("findings")?.dataset.share;
    const token = document.querySelector("[name=csrf_token]");
    if (!address || !token) return;
    const answer = await fetch(address, { method: "post", body: new URLSearchParams({ csrf_token: token.value }) });
    if (answer.ok) tell("shared", await answer.json());
  }

  const BOXES = ["street1", "street2", "city", "state", "zip"];
  function fill(wanted) {
    if (!part("address-form")) {
      // Kept in the frame's name, which outlives the way to the form.
      name = JSON.stringify(wanted);
      return goTo(formAddress);
    }
    for (const box of BOXES) if (typeof wanted[box] === "string" && part(box)) part(box).value = wanted[box].slice(0, 200);
    if (typeof wanted.campaign_id === "string") part("campaign-id").value = wanted.campaign_id.slice(0, 100);
    if (BOXES.some((box) => wanted[box])) part("fields").open = true;
    part("zip").dispatchEvent(new Event("input", { bubbles: true }));
    if (wanted.autostart === true) part("address-form").requestSubmit(part("look-up"));
  }
  addEventListener("message", ({ source, origin: theirs, data }) => {
    if (source !== parent || theirs !== origin || data?.version !== 1) return;
    if (data.type === "hum:prefill") fill(data);
    if (data.type === "hum:reset") goTo(formAddress);
    if (data.type === "hum:share") share();
  });
  addEventListener("DOMContentLoaded", () => {
    look();
    tell("ready", { page: part("address-form") ? "form" : "lookup" });
    if (!name.startsWith("{") || !part("address-form")) return;
    const wanted = name;
    name = "";
    fill(JSON.parse(wanted));
  });
  addEventListener("htmx:afterSettle", look);
})();
