// Measures pages with Lighthouse, as a phone and as a desktop. Task: {chromium, flags, pages: [{name, url, cookies}]}; answers a line for each page and screen.
// Speed varies from run to run, most of all in a browser that has just begun: of three runs the one in the middle counts.
import fs from "node:fs";

import lighthouse from "lighthouse";
import desktop from "lighthouse/core/config/desktop-config.js";
import puppeteer from "puppeteer-core";

// Without a configuration it is a phone.
const SCREENS = { phone: undefined, desktop };
const RUNS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const task = JSON.parse(fs.readFileSync(0, "utf8"));
const browser = await puppeteer.launch({ executablePath: task.chromium, args: task.flags });

async function measured(name, url, cookies, config) {
  const visitor = await browser.createBrowserContext();
  const page = await visitor.newPage();
  await visitor.setCookie(...cookies);
  // It would otherwise take the cookie away; the cache is new with the visitor.
  const { lhr } = await lighthouse(url, { onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "silent" }, config, page);
  await visitor.close();
  if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
  return lhr;
}

try {
  for (const { name, url, cookies } of task.pages) for (const [screen, config] of Object.entries(SCREENS)) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await measured(name, url, cookies, config));
    runs.sort((one, other) => one.categories.performance.score - other.categories.performance.score);
    const lhr = runs[(RUNS - 1) / 2];
    const categories = Object.values(lhr.categories);
    const scores = Object.fromEntries(categories.map(({ title, score }) => [title, Math.round(score * 100)]));
    const counted = new Set(categories.flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id)));
    const short = [...counted].map((id) => lhr.audits[id]).filter(({ score }) => score !== null && score < 0.9);
    const said = short.map(({ title, displayValue }) => `${title} ${displayValue ?? ""}`.trim());
    console.log(JSON.stringify({ name: `${name}, ${screen}`, url, shown: lhr.finalDisplayedUrl, warnings: lhr.runWarnings, scores, said }));
  }
} finally {
  await browser.close();
}
