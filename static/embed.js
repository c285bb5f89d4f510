// Puts the address lookup where this script stands: <script src="https://.../embed.js" data-theme="auto"></script>
"use strict";
(() => {
  const script = document.currentScript;
  const site = new URL(".", script.src);
  const { theme = "", accent = "", token = "", title, sandbox, height, autostart, share, ...rest } = script.dataset;
  const address = new URL("embed", site);
  address.search = new URLSearchParams({ origin: location.origin, theme, accent, ...(token && { token }) });
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: address, title: title ?? "Internet providers at an address", allow: "clipboard-write", referrerPolicy: "origin" });
  if (sandbox !== undefined) frame.sandbox = sandbox || "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads";
  Object.assign(frame.style, { border: "0", display: "block", width: "100%", height: `${parseInt(height) || 420}px` });
  // A sandboxed frame without an origin of its own has none that could be named.
  const opaque = sandbox && !sandbox.includes("allow-same-origin");
  const theirs = opaque ? "null" : site.origin;
  const send = (type, more) => frame.contentWindow?.postMessage({ ...more, type, version: 1 }, opaque ? "*" : theirs);
  const wanted = {};
  for (const name of ["street1", "street2", "city", "state", "zip", "campaign_id"]) if (rest[name.replace("_i", "I")]) wanted[name] = rest[name.replace("_i", "I")];

  addEventListener("message", (event) => {
    const { data } = event;
    if (event.source !== frame.contentWindow || event.origin !== theirs || data?.version !== 1) return;
    const [, kind] = /^hum:(ready|resize|submitted|result|shared|error)$/.exec(data.type) ?? [];
    if (!kind) return;
    if (kind === "resize") {
      if (!(data.height > 0 && data.height < 20000)) return;
      frame.style.height = `${Math.ceil(data.height)}px`;
    }
    if (kind === "result" && share !== undefined) send("hum:share");
    if (kind === "ready" && Object.keys(wanted).length) {
      send("hum:prefill", { ...wanted, autostart: autostart !== undefined });
      for (const name in wanted) delete wanted[name];
    }
    frame.dispatchEvent(new CustomEvent(data.type, { detail: data, bubbles: true }));
  });
  for (const type of ["hum:prefill", "hum:reset", "hum:share"]) frame.addEventListener(type, (event) => event.isTrusted || send(type, event.detail ?? {}));
  script.after(frame);
})();
