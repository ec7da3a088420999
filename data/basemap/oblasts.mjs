// The 27 first-level units of Ukraine, from the crate ralertsinua-geo (outlines and names out of OpenStreetMap).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mesh } from 'topojson-client';
import { topology } from 'topojson-server';
import { centroidOf, isInside, polygonsOf, ringArea, rounded } from './geometry.mjs';

const CRATE = 'ralertsinua-geo';
const CRATE_VERSION = '0.5.2';

export function oblasts(ukraine) {
  const units = readCrate();
  return {
    oblasts: units.features.map(oblast).sort((a, b) => a.code.localeCompare(b.code)),
    oblast_borders: bordersOnLand(units, ukraine),
  };
}

/** Cargo is the ordinary client of its registry: it downloads, checks and unpacks; we read the unpacked file. */
function readCrate() {
  const folder = mkdtempSync(join(tmpdir(), 'basemap-'));
  try {
    writeManifest(folder);
    const answer = execFileSync('cargo', ['metadata', '--format-version', '1'], { cwd: folder, maxBuffer: 1e9 });
    const crate = JSON.parse(answer).packages.find((p) => p.name === CRATE);
    return JSON.parse(readFileSync(join(dirname(crate.manifest_path), 'assets/ukraine.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeManifest(folder) {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/lib.rs'), '');
  const lines = ['[package]', 'name = "fetch"', 'version = "0.0.0"', 'edition = "2021"', '[dependencies]'];
  writeFileSync(join(folder, 'Cargo.toml'), [...lines, `${CRATE} = "=${CRATE_VERSION}"`, ''].join('\n'));
}

function oblast({ properties, geometry }) {
  const outer = polygonsOf(geometry).map((rings) => rings[0]);
  const largest = outer.reduce((a, b) => (ringArea(b) > ringArea(a) ? b : a));
  return {
    code: properties.katotth,
    // Only this one name departs from the spelling of the national table.
    name: properties['name:en'].replace('Zaporizhia', 'Zaporizhzhia'),
    name_uk: properties['name:uk'] ?? properties.name,
    label: centroidOf(largest).map((v) => Number(v.toFixed(2))),
  };
}

// Lines that two units share. Some run through the sea; those would look like borders of something on a land map.
function bordersOnLand(units, ukraine) {
  const shared = topology({ units }, 1e6);
  const lines = mesh(shared, shared.objects.units, (a, b) => a !== b).coordinates;
  return rounded(lines.flatMap((line) => piecesInside(line, ukraine)), 3);
}

function piecesInside(line, polygons) {
  const pieces = [];
  let piece = [];
  for (let i = 1; i < line.length; i++) {
    const middle = [(line[i - 1][0] + line[i][0]) / 2, (line[i - 1][1] + line[i][1]) / 2];
    const isOnLand = polygons.some((rings) => isInside(middle, rings));
    if (isOnLand) piece.push(...(piece.length ? [line[i]] : [line[i - 1], line[i]]));
    if (!isOnLand || i === line.length - 1) {
      if (piece.length) pieces.push(piece);
      piece = [];
    }
  }
  return pieces;
}
