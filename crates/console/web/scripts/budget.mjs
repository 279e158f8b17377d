// After the build: the first route's JavaScript must stay within its budget, compressed as a browser gets it.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const dist = new URL("../dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
const size = (path) => gzipSync(readFileSync(new URL(path, dist))).length / 1000;

const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
const script = first.reduce((sum, path) => sum + size(path), 0);
const styles = readdirSync(new URL("assets/", dist))
  .filter((name) => name.endsWith(".css"))
  .reduce((sum, name) => sum + size(`assets/${name}`), 0);
console.log(
  `first route: ${script.toFixed(0)} kB JavaScript (of ${BUDGET_KB}), ${styles.toFixed(0)} kB styles, gzip`,
);
if (script > BUDGET_KB) {
  console.error(`The first route's JavaScript is over its budget of ${BUDGET_KB} kB: load parts of it later.`);
  process.exit(1);
}
if (/<script(?![^>]*\bsrc=)/.test(html) || /\sstyle="/.test(html)) {
  console.error("dist/index.html has inline code, which the server's content security policy refuses.");
  process.exit(1);
}
