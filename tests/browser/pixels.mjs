// Reads colours off the painted tiles.

/** Share of the pixels of all tiles that lie near a colour, 0–1, for each colour given. */
export function sharesOf(page, colours, reach = 40) {
  return page.evaluate(sharesInPage, { colours, reach });
}

async function sharesInPage({ colours, reach }) {
  const counts = Object.fromEntries(Object.keys(colours).map((name) => [name, 0]));
  let total = 0;
  for (const tile of document.querySelectorAll('canvas.register-tile')) {
    const copy = document.createElement('canvas');
    copy.width = tile.width;
    copy.height = tile.height;
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(tile, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    for (let i = 0; i < data.length; i += 4) {
      total++;
      for (const [name, [r, g, b]] of Object.entries(colours)) {
        if (Math.abs(data[i] - r) <= reach && Math.abs(data[i + 1] - g) <= reach && Math.abs(data[i + 2] - b) <= reach) counts[name]++;
      }
    }
  }
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n / total]));
}

// The class fills laid over land, and the ink of the "not loaded" hatch.
export const HAZARD_COLOURS = { suspected: [244, 190, 110], confirmed: [215, 110, 105] };
export const NOT_LOADED_INK = { notLoaded: [148, 152, 153] };
