// html-validate, kept running: a line of JSON in (a page), a line of JSON out (its faults).
import { createInterface } from 'node:readline';
import { HtmlValidate } from 'html-validate';

const made = new Map();
const validator = (off) => {
  const key = JSON.stringify(off);
  if (!made.has(key)) {
    const rules = Object.fromEntries(off.map((rule) => [rule, 'off']));
    made.set(key, new HtmlValidate({
      root: true,
      extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
      rules,
    }));
  }
  return made.get(key);
};

for await (const line of createInterface({ input: process.stdin })) {
  const { html, off } = JSON.parse(line);
  const report = await validator(off).validateString(html, 'page.html');
  const found = report.results.flatMap((result) => result.messages)
    .map((each) => ({ rule: each.ruleId, what: each.message, where: each.selector || `${each.line}:${each.column}` }));
  process.stdout.write(JSON.stringify(found) + '\n');
}
