// Scans pages with the MDN HTTP Observatory. Task: {https, http, pages: [{name, url, method, headers, body}]}; answers one line a page.
//
// The scanner's own command takes a public host, its start page and good answers only. Here its retriever and its tests are used as they
// are, on any page and status, and its sum is done again (src/scanner/index.js). Requests to the public name go to this machine's ports.
import fs from "node:fs";

import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";
import axios from "axios";

// Its installation would fetch the list of sites that browsers preload. On an empty one no site is, so those five points are never given.
const PRELOADED = new URL(import.meta.resolve("@mdn/mdn-http-observatory/conf/hsts-preload.json"));
fs.writeFileSync(PRELOADED, "{}");

const task = JSON.parse(fs.readFileSync(0, "utf8"));
const network = axios.getAdapter("http");
let page;

// The scanner only ever GETs a page; an answer to a POST is had by sending that instead.
axios.defaults.adapter = async (config) => {
  const url = new URL(config.url);
  const isPage = config.method === "get" && config.url === page.url;
  url.port = url.protocol === "https:" ? task.https : task.http;
  const sent = { ...config, url: url.href, lookup: (name, options, found) => found(null, "127.0.0.1", 4) };
  if (isPage) Object.assign(sent, { method: page.method, data: page.body });
  const answer = await network(sent);
  return { ...answer, config };
};

function score(results) {
  const modifiers = results.map((result) => getScoreModifier(result.result));
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 100);
  const uncurved = sum(modifiers.filter((modifier) => modifier < 0));
  return getGradeForScore(uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(modifiers) : uncurved);
}

for (page of task.pages) {
  const { hostname, pathname, search } = new URL(page.url);
  const headers = Object.entries(page.headers).map(([name, value]) => `${name}: ${value}`);
  const seen = await retrieve(hostname, { path: pathname + search, headers });
  const answer = seen.responses.auto;
  if (!answer?.verified) throw new Error(`${page.name}: no answer over trusted TLS`);
  const results = ALL_TESTS.map((test) => test(seen));
  const found = Object.fromEntries(results.map((result) => [result.constructor.name, result.result]));
  const failed = results.filter((result) => !result.pass).map((result) => result.result);
  console.log(JSON.stringify({ name: page.name, status: answer.status, ...score(results), found, failed }));
}
