// The address form: pasted text is split at once, and Enter sends it when nothing about it is in doubt. It all works without this file too.
"use strict";
(() => {
  const part = (id) => document.getElementById(id);
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
