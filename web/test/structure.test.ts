// What may know what.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = new URL('../src/', import.meta.url).pathname;
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f));
const textOf = (file: string) => readFileSync(join(SOURCE, file), 'utf8');

test('only the map knows Leaflet', () => {
  const others = files.filter((f) => !f.startsWith('map/'));
  expect(others.filter((f) => /from 'leaflet|leaflet\/|from 'terra-draw/.test(textOf(f)))).toEqual([]);
});

test('what runs in the worker knows neither Leaflet nor the state of the page', () => {
  const seen = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name] of textOf(file).matchAll(/from '\.\/([\w-]+)'/g)) follow(`map/${name}.ts`);
  };
  follow('map/tile-worker.ts');
  expect([...seen].filter((f) => /from '(leaflet|\.\.\/(state|ui|api))/.test(textOf(f)))).toEqual([]);
});

test('only one file of the api and the two tile sources fetch', () => {
  const fetching = files.filter((f) => /[^\w.]fetch\(/.test(textOf(f))).sort();
  expect(fetching).toEqual(['api/ask.ts', 'map/basemap-data.ts', 'map/tile-source.ts']);
});

// The exact words count: what is written into the page as markup is written as code.
test('no text goes in as markup, and nothing is styled by attribute', () => {
  const writing = files.filter((f) => /dangerouslySetInnerHTML|\.innerHTML|outerHTML|insertAdjacentHTML|document\.write|\bstyle=/.test(textOf(f)));
  expect(writing).toEqual([]);
});

test('what is about accounts is fetched only by those who open it', () => {
  const start = files.filter((f) => !f.startsWith('ui/account/') && !/^i18n\/account-|^api\/accounts/.test(f));
  const naming = start.filter((f) => /^import .*(\/account\/|account-text|api\/accounts)/m.test(textOf(f)));
  expect(naming.filter((f) => !/^import type/.test(textOf(f)))).toEqual([]);
});

test('no file names an outside host', () => {
  const naming = files.filter((f) => /https?:\/\/(?!www\.w3\.org)/.test(textOf(f)));
  expect(naming).toEqual([]);
});
