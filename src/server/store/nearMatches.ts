/** Whom somebody may have meant whose query, as it was typed, matches nobody. */
import { addressCode, phoneOf, wordsOf, type Patterns } from './searchText.ts';

/** So many of those who come into question are looked at, the latest changed first. */
export const maxCandidates = 2_000;
const maxWords = 6;
/** What is longer was not typed. */
const maxWordLength = 40;
/** So much of a text is looked at: who it is comes first in it, and remarks last. */
const maxTextLength = 1_000;
/** Letters compared, for all candidates together: everybody who asks the server waits meanwhile. */
const maxComparisons = 10_000_000;
/** Each costs the index a list for each of its trigrams. */
const maxWays = 40;
/** A word that begins like what was typed is further from it than one that is as long. */
const longerWord = 0.5;

export interface NearQuery {
  /** Where to look for candidates, each place only where nobody was found in those before: texts with all of a way. */
  stages: readonly (readonly Patterns[])[];
  /** How far a text of `searchText` is from what was typed; `undefined` for too far, and once too much was looked at. */
  distanceTo(text: string): number | undefined;
}

/** A word with how many letters of it may be wrong, left out, too many, or in each other's place. */
interface NearWord {
  letters: readonly string[];
  maxEdits: number;
  /** It may begin inside of a word: scripts without spaces, and digits behind a country code. */
  startsAnywhere: boolean;
}

/** `undefined` for a query of which nothing can be wrong. */
export function nearQuery(query: string): NearQuery | undefined {
  const phone = phoneOf(query);
  const words =
    phone === undefined
      ? wordsOf(query).slice(0, maxWords).map(nearWord)
      : [{ letters: [...phone.end], maxEdits: phone.end.length > 5 ? 1 : 0, startsAnywhere: true }];
  if (words.every(({ maxEdits }) => maxEdits === 0)) return undefined;
  if (words.some(({ letters }) => letters.length > maxWordLength)) return undefined;
  let compared = 0;
  return {
    stages: [combined(words.map(tightWays)), combined(words.map(looseWays))],
    distanceTo: (text) => {
      const [fields = ''] = text.split(addressCode, 1);
      // An astral letter has two units.
      const letters = [...fields.slice(0, 2 * maxTextLength).replace(edges, ' ')].slice(0, maxTextLength);
      const breaks = [true, ...letters.map((letter) => !letterPattern.test(letter)), true];
      let sum = 0;
      for (const word of words) {
        compared += letters.length * word.letters.length;
        if (compared > maxComparisons) return undefined;
        const distance = distanceIn(letters, breaks, word);
        if (distance === undefined) return undefined;
        sum += distance;
      }
      return sum;
    },
  };
}

/** The nearest of some candidates, and of those that are as near, the first. */
export function nearest<T extends { text: string }>(candidates: readonly T[], query: NearQuery, limit: number): T[] {
  return candidates
    .flatMap((candidate) => {
      const distance = query.distanceTo(candidate.text);
      return distance === undefined ? [] : [{ candidate, distance }];
    })
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

const edges = /[\ue000-\uf8ff]/g;
/** Scripts of which a letter is worth as much as several of another. */
const denseScripts = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+$/u;

function nearWord(text: string): NearWord {
  const letters = [...text];
  const { length } = letters;
  const isDense = denseScripts.test(text);
  const maxEdits = isDense ? (length < 2 ? 0 : length < 6 ? 1 : 2) : length < 3 ? 0 : length < 7 ? 1 : 2;
  return { letters, maxEdits, startsAnywhere: isDense };
}

/**
 * What is left of a word wherever the fault is: two letters beside each other, for those may have changed places. Each
 * way has all that stands before and behind some of these places.
 */
function tightWays(word: NearWord): Patterns[] {
  const { length } = word.letters;
  if (word.maxEdits === 0) return [[word.letters.join('')]];
  if (length < 8) {
    const half = Math.ceil(length / 2);
    return [around(word, half, length), around(word, 0, half), around(word, half - 1, half + 1)];
  }
  const [first, second] = [Math.floor(length / 3), Math.floor((2 * length) / 3)];
  return [
    around(word, 0, first),
    around(word, first, second),
    around(word, second, length),
    around(word, first - 1, first + 1),
    around(word, second - 1, second + 1),
  ];
}

/** A third of a word that may have two faults. */
function looseWays(word: NearWord): Patterns[] {
  const { letters, maxEdits } = word;
  if (maxEdits < 2) return tightWays(word);
  const [first, second] = [Math.floor(letters.length / 3), Math.floor((2 * letters.length) / 3)];
  return [around(word, first, letters.length), [letters.slice(first, second).join('')], around(word, 0, second)];
}

/** What stands before `from` and behind `to`. */
function around({ letters, startsAnywhere }: NearWord, from: number, to: number): Patterns {
  const before = from <= 0 ? '' : `${startsAnywhere ? '' : ' '}${letters.slice(0, from).join('')}`;
  return [before, letters.slice(to).join('')].filter(Boolean);
}

const weight = (ways: readonly Patterns[]): number => Math.max(...ways.map((way) => way.join('').length));

/** Every way of each word with every way of the others: of the longest words, as many as that stays few. */
function combined(waysOfWords: readonly Patterns[][]): Patterns[] {
  let all: Patterns[] = [[]];
  for (const ways of waysOfWords.toSorted((one, other) => weight(other) - weight(one))) {
    const usable = ways.filter((way) => way.length > 0);
    if (all.length * usable.length > maxWays) continue;
    all = all.flatMap((one) => usable.map((other) => [...one, ...other]));
  }
  return all.filter((way) => way.length > 0);
}

/**
 * The least number of changes that make a stretch of `text` of a word: a letter for another, one more, one less, or two
 * that change places. The stretch begins where a word does, and ends anywhere, but for the shortest words.
 * @param breaks whether each letter of `text` belongs to no word, with one more at either end.
 */
function distanceIn(
  text: readonly string[],
  breaks: readonly boolean[],
  { letters, maxEdits, startsAnywhere }: NearWord,
): number | undefined {
  const { length } = letters;
  // Whatever is too far is as far as the rest of it.
  const tooFar = maxEdits + 1;
  let beforeLast = new Uint8Array(text.length + 1);
  let last = new Uint8Array(text.length + 1);
  let current = new Uint8Array(text.length + 1);
  for (const place of last.keys()) last[place] = startsAnywhere || breaks[place] === true ? 0 : tooFar;
  for (let row = 1; row <= length; row++) {
    const [letter, letterBefore] = [letters[row - 1], letters[row - 2]];
    let left = (current[0] = Math.min(row, tooFar));
    let least = left;
    let diagonal = last[0] ?? tooFar;
    for (let place = 1; place <= text.length; place++) {
      const above = last[place] ?? tooFar;
      const isSame = letter === text[place - 1];
      let cost = Math.min(isSame ? diagonal : diagonal + 1, above + 1, left + 1, tooFar);
      if (!isSame && row > 1 && place > 1 && letter === text[place - 2] && letterBefore === text[place - 1]) {
        cost = Math.min(cost, (beforeLast[place - 2] ?? tooFar) + 1);
      }
      current[place] = cost;
      least = Math.min(least, cost);
      [diagonal, left] = [above, cost];
    }
    if (least > maxEdits) return undefined;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  const mustEnd = !startsAnywhere && length < 5;
  let best = Infinity;
  for (const [place, cost] of last.entries()) {
    if (cost > maxEdits) continue;
    const isEnd = startsAnywhere || breaks[place + 1] === true;
    if (isEnd || !mustEnd) best = Math.min(best, isEnd ? cost : cost + longerWord);
  }
  return best === Infinity ? undefined : best;
}

const letterPattern = /[\p{L}\p{N}]/u;
