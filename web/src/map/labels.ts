// Names on the basemap. Which names find room is decided once for a zoom and language over the whole world, so
// neighbouring tiles agree and a name runs on across their edge.
import type { Basemap, WorldLabel } from './basemap-data';
import type { Context } from './canvas';
import { TILE_PX, type TileAddress } from './tile-address';

export type Language = 'en' | 'uk';

interface Style {
  font: string;
  colour: string;
  hasDot: boolean;
}

interface PlacedLabel extends Style {
  text: string;
  /** Pixels of the whole world at this zoom. */
  x: number;
  y: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const FAMILY = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const CELL_PX = 128;
const GAP_PX = 6;
// People a place needs to be named, by tile zoom.
const POPULATION_MIN = [9e6, 6e6, 4e6, 2e6, 9e5, 4e5, 1.4e5, 4.5e4, 1.5e4, 5e3, 1.5e3, 0];

export class Labels {
  private readonly placed = new Map<string, Map<string, PlacedLabel[]>>();
  constructor(private readonly basemap: Basemap) {}

  draw(context: Context, { z, x, y }: TileAddress, language: Language): void {
    const cells = this.at(context, z, language);
    const [originX, originY] = [x * TILE_PX, y * TILE_PX];
    for (const label of new Set(labelsIn(cells, originX, originY))) drawLabel(context, label, originX, originY);
  }

  private at(context: Context, z: number, language: Language): Map<string, PlacedLabel[]> {
    const key = `${z} ${language}`;
    const known = this.placed.get(key);
    if (known) return known;
    const cells = place(context, this.basemap, z, language);
    this.placed.set(key, cells);
    return cells;
  }
}

function place(context: Context, basemap: Basemap, z: number, language: Language): Map<string, PlacedLabel[]> {
  const cells = new Map<string, PlacedLabel[]>();
  const add = (labels: WorldLabel[], style: (label: WorldLabel) => Style, upper = false) => {
    for (const label of labels) claim(cells, measured(context, label, style(label), z, language, upper));
  };
  if (z >= 1 && z <= 6) add(basemap.countries.filter((c) => c.weight >= 260 / 4 ** z), () => countryStyle, true);
  add(basemap.places.filter((p) => p.weight >= (POPULATION_MIN[z] ?? 0)), placeStyle);
  if (z >= 6 && z <= 9) add(basemap.oblasts, () => oblastStyle);
  return cells;
}

const countryStyle: Style = { font: `600 12px ${FAMILY}`, colour: '#5f5870', hasDot: false };
const oblastStyle: Style = { font: `italic 12px ${FAMILY}`, colour: '#6b6478', hasDot: false };

function placeStyle({ weight }: WorldLabel): Style {
  const size = weight >= 5e5 ? 14 : weight >= 1e5 ? 13 : 12;
  return { font: `${weight >= 1e5 ? 600 : 500} ${size}px ${FAMILY}`, colour: '#26313a', hasDot: true };
}

function measured(context: Context, label: WorldLabel, style: Style, z: number, language: Language, upper: boolean): PlacedLabel {
  const name = label[language];
  const text = upper ? name.toLocaleUpperCase(language) : name;
  context.font = style.font;
  const width = context.measureText(text).width;
  const [x, y] = [label.x * 2 ** z * TILE_PX, label.y * 2 ** z * TILE_PX];
  const left = style.hasDot ? x - 4 : x - width / 2;
  return { ...style, text, x, y, left, right: left + width + (style.hasDot ? 14 : 0), top: y - 8, bottom: y + 8 };
}

// First come, first served: callers come with the most important first.
function claim(cells: Map<string, PlacedLabel[]>, label: PlacedLabel): void {
  const keys = [...cellsOf(label)];
  const isTaken = keys.some((key) => cells.get(key)?.some((other) => overlaps(label, other)));
  if (isTaken) return;
  for (const key of keys) cells.set(key, [...(cells.get(key) ?? []), label]);
}

function* cellsOf({ left, right, top, bottom }: Pick<PlacedLabel, 'left' | 'right' | 'top' | 'bottom'>): Generator<string> {
  for (let cx = Math.floor(left / CELL_PX); cx <= Math.floor(right / CELL_PX); cx++) {
    for (let cy = Math.floor(top / CELL_PX); cy <= Math.floor(bottom / CELL_PX); cy++) yield `${cx} ${cy}`;
  }
}

function overlaps(a: PlacedLabel, b: PlacedLabel): boolean {
  return a.left - GAP_PX < b.right && b.left - GAP_PX < a.right && a.top < b.bottom && b.top < a.bottom;
}

function* labelsIn(cells: Map<string, PlacedLabel[]>, left: number, top: number): Generator<PlacedLabel> {
  for (const key of cellsOf({ left, top, right: left + TILE_PX, bottom: top + TILE_PX })) yield* cells.get(key) ?? [];
}

function drawLabel(context: Context, label: PlacedLabel, originX: number, originY: number): void {
  const [x, y] = [label.x - originX, label.y - originY];
  if (label.hasDot) drawDot(context, x, y);
  context.font = label.font;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(255, 255, 255, 0.85)';
  context.fillStyle = label.colour;
  const start = label.hasDot ? x + 7 : label.left - originX;
  context.strokeText(label.text, start, y);
  context.fillText(label.text, start, y);
}

function drawDot(context: Context, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 2.6, 0, 2 * Math.PI);
  context.fillStyle = '#fff';
  context.strokeStyle = '#26313a';
  context.lineWidth = 1.4;
  context.fill();
  context.stroke();
}
