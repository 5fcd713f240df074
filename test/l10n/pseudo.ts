import { languages, readTexts, sourceTexts, type Texts } from './texts.ts';

/** A language that nobody speaks: what has no brackets was never translated, and what is cut off has no room. */
export const pseudoLanguage = 'qps-ploc';

/** What must stay as it is: places to fill in, links of a welcome, code. */
const kept = /\{\w+\}|\]\(command:[\w.]+\)|\[|`[^`]*`|\bhttps?:\S+/;
/** The words of a link are seen by themselves. */
const inLink = (part: string): string => (part === '[' ? '[［' : part.startsWith(']') ? `］${part}` : part);

/** `text` with brackets around each line and its vowels twice, as VS Code writes its own pseudo-language: 40 % longer. */
export const pseudo = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const parts = line.split(new RegExp(`(${kept.source})`));
      return `［${parts.map((part) => (kept.test(part) ? inLink(part) : part.replace(/[aeiouy]/gi, '$&$&'))).join('')}］`;
    })
    .join('\n');

/** The files that teach VS Code the pseudo-language, by where they belong in the extension. */
export function pseudoFiles(): Texts {
  const bundle = Object.fromEntries([...sourceTexts().asked.keys()].map((text) => [text, pseudo(text)]));
  const manifest = Object.entries(readTexts('package.nls.json')).map(([key, text]) => [key, pseudo(text)]);
  return {
    [`dist/l10n/bundle.l10n.${pseudoLanguage}.json`]: JSON.stringify(bundle),
    [`package.nls.${pseudoLanguage}.json`]: JSON.stringify(Object.fromEntries(manifest)),
  };
}

/** How an original text reads in a language, whichever file it is in. */
export function translator(language: string): (text: string) => string {
  if (language === pseudoLanguage) return pseudo;
  if (!languages.some((each) => each === language)) return (text) => text;
  const [bundle, manifest, original] = [
    `src/l10n/bundle.l10n.${language}.json`,
    `package.nls.${language}.json`,
    'package.nls.json',
  ].map(readTexts);
  return (text) => {
    const key = Object.keys(original ?? {}).find((each) => original?.[each] === text);
    const translated = bundle?.[text] ?? (key === undefined ? undefined : manifest?.[key]);
    if (translated === undefined) throw new Error(`“${text}” has no translation`);
    return translated;
  };
}
