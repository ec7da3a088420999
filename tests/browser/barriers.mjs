// What keeps people out, by the rules of WCAG 2.2 AA as far as a program can check them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What sticks to an edge hides part of whatever is scrolled beneath it just then; every field can be scrolled clear.
function setStuck(position) {
  for (const element of document.querySelectorAll('.panel-head, .save-buttons')) element.style.position = position;
}

/** Findings that keep people out, one line each. */
export async function barriers(page) {
  await page.evaluate(axe);
  await page.evaluate(setStuck, 'static');
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  await page.evaluate(setStuck, '');
  const grave = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  return grave.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')}`));
}
