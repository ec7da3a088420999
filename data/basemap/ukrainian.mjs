// Ukrainian place names: picked out of a list of alternate names in many languages, and written in Latin letters
// by the national table of 2010 (resolution 55 of the Cabinet of Ministers).

const LATIN = {
  а: 'a', б: 'b', в: 'v', г: 'h', ґ: 'g', д: 'd', е: 'e', є: 'ie', ж: 'zh', з: 'z', и: 'y', і: 'i', ї: 'i', й: 'i',
  к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch',
  ш: 'sh', щ: 'shch', ю: 'iu', я: 'ia', ь: '', '’': '', "'": '',
};
const AT_START = { є: 'ye', ї: 'yi', й: 'y', ю: 'yu', я: 'ya' };
const ALPHABET = /^[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’' -]+$/i;

export function romanized(name) {
  return name.split(/([ -])/).map(romanizedWord).join('');
}

function romanizedWord(word) {
  const letters = [...word.toLowerCase().replaceAll('зг', 'з\u0000г')];
  const latin = letters.map((c, i) => (c === '\u0000' ? '' : romanizedLetter(c, i, letters))).join('');
  return word[0] && word[0] !== word[0].toLowerCase() ? latin[0].toUpperCase() + latin.slice(1) : latin;
}

function romanizedLetter(c, i, letters) {
  if (c === 'г' && letters[i - 1] === '\u0000') return 'gh';
  return (i === 0 ? AT_START[c] : undefined) ?? LATIN[c] ?? c;
}

/** The official one among the alternate names that reads like `name` when romanised, or null when there is none. */
export function ukrainianName(name, alternates, official) {
  const candidates = alternates.map(typographic).filter((n) => ALPHABET.test(n) && official.has(n));
  const ranked = candidates.map((candidate) => rank(candidate, name)).sort((a, b) => a.distance - b.distance || b.marks - a.marks);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, name.length / 5) ? best.candidate : null;
}

function typographic(name) {
  return name.replace(/\u0301/g, '').replaceAll("'", '’');
}

// Russian and Bulgarian spellings often use letters of the Ukrainian alphabet only; the letters counted here are the
// ones their spellings lack.
function rank(candidate, name) {
  const distance = editDistance(plain(romanized(candidate)), plain(name));
  return { candidate, distance, marks: candidate.match(/[іїєґь’']/gi)?.length ?? 0 };
}

// Three Latin spellings are in use; what they share is compared.
function plain(latin) {
  return latin.toLowerCase().normalize('NFD').replace(/[^a-z]/g, '').replace(/y/g, 'i').replace(/ii+/g, 'i');
}

function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
