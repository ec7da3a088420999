// The offline basemap, brought into world units once.
import { toWorld } from './mercator';

type Position = [number, number];

interface BasemapFile {
  countries: { a3: string; name: string; name_uk: string; label: Position | null; size: number; polygons: Position[][][] }[];
  borders: Position[][];
  lakes: Position[][][];
  rivers: Position[][];
  oblasts: { code: string; name: string; name_uk: string; label: Position }[];
  oblast_borders: Position[][];
  places: [number, number, number, string, string?][];
}

/** Outline or line in world units: x, y, x, y … */
export interface WorldLine {
  points: Float64Array;
  box: { left: number; top: number; right: number; bottom: number };
}

export interface WorldLabel {
  x: number;
  y: number;
  en: string;
  uk: string;
  /** People for a place, size in square degrees for a country. */
  weight: number;
}

export interface Basemap {
  /** Each country part with its holes. */
  land: WorldLine[][];
  lakes: WorldLine[][];
  borders: WorldLine[];
  rivers: WorldLine[];
  oblastBorders: WorldLine[];
  countries: WorldLabel[];
  oblasts: WorldLabel[];
  places: WorldLabel[];
}

export async function loadBasemap(address: string): Promise<Basemap> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`basemap: status ${response.status}`);
  return prepare((await response.json()) as BasemapFile);
}

function prepare(file: BasemapFile): Basemap {
  return {
    land: file.countries.flatMap((c) => c.polygons).map((rings) => rings.map(worldLine)),
    lakes: file.lakes.map((rings) => rings.map(worldLine)),
    borders: file.borders.map(worldLine),
    rivers: file.rivers.map(worldLine),
    oblastBorders: file.oblast_borders.map(worldLine),
    countries: file.countries.flatMap((c) => (c.label ? [label(c.label, c.name, c.name_uk, c.size)] : [])),
    oblasts: file.oblasts.map((o) => label(o.label, o.name, o.name_uk, 0)),
    places: file.places.map(([lon, lat, people, name, nameUk]) => label([lon, lat], name, nameUk ?? name, people)),
  };
}

function label([lon, lat]: Position, en: string, uk: string, weight: number): WorldLabel {
  return { ...toWorld(lon, lat), en, uk, weight };
}

function worldLine(positions: Position[]): WorldLine {
  const points = new Float64Array(positions.length * 2);
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  positions.forEach(([lon, lat], i) => {
    const { x, y } = toWorld(lon, lat);
    points.set([x, y], i * 2);
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  });
  return { points, box };
}
