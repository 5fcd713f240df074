/** The texts that users see, as the source and its translations have them, and what is wrong with them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor, type Argument, type Expression } from 'oxc-parser';
import { projectRoot } from '../harness/paths.ts';

/** As VS Code names them. */
export const languages = ['zh-cn', 'zh-tw', 'vi'] as const;
export type Texts = Record<string, string>;

/** Where code runs that shows nothing by itself: its words reach people by a key or a kind. */
const silent = /^(?:api|server|contract|protocol)\//;

/** What VS Code or a page shows of an object: the properties of its items, options and elements. */
const shownProperties = new Set([
  'label',
  'description',
  'detail',
  'title',
  'placeHolder',
  'placeholder',
  'prompt',
  'tooltip',
  'openLabel',
  'saveLabel',
  'alt',
  'aria-label',
  'ariaLabel',
  'invocationMessage',
  'message',
]);
const shownCalls = /^show(?:Information|Warning|Error)Message$|^setStatusBarMessage$/;

export interface SourceTexts {
  /** Whatever is asked of `l10n.t`, with the places that ask. */
  asked: Map<string, string[]>;
  /** Places that show a text of their own. */
  hardCoded: string[];
  /** Places that ask for what only the running program knows. */
  unknown: string[];
}

/** Reads the program as a parser does. @param sources by their path under `src`. */
export function textsOf(sources: ReadonlyMap<string, string>): SourceTexts {
  const found: SourceTexts = { asked: new Map(), hardCoded: [], unknown: [] };
  for (const [path, source] of sources) {
    const { program, errors } = parseSync(path, source);
    if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`);
    const at = (offset: number): string => `${path}:${source.slice(0, offset).split('\n').length}`;
    const shown = (value: Expression | Argument | null | undefined): void => {
      if (value && isWords(value)) found.hardCoded.push(`${at(value.start)} ${source.slice(value.start, value.end)}`);
    };
    new Visitor({
      CallExpression({ callee, arguments: [first], start }) {
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        const { name } = callee.property;
        if (name === 't' && source.slice(callee.object.start, callee.object.end).endsWith('l10n')) {
          const text = first === undefined ? undefined : literal(first);
          if (text === undefined) found.unknown.push(at(start));
          else found.asked.set(text, [...(found.asked.get(text) ?? []), at(start)]);
        } else if (shownCalls.test(name) && !silent.test(path)) shown(first);
      },
      Property({ key, value }) {
        const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
        if (shownProperties.has(name) && !silent.test(path)) shown(value as Expression);
      },
      AssignmentExpression({ left, right }) {
        if (left.type !== 'MemberExpression' || left.property.type !== 'Identifier') return;
        if (shownProperties.has(left.property.name) && !silent.test(path)) shown(right);
      },
      JSXAttribute({ name, value }) {
        const isShown = name.type === 'JSXIdentifier' && shownProperties.has(name.name);
        if (!isShown || value === null) return;
        if (value.type === 'Literal') shown(value);
        else if (value.type === 'JSXExpressionContainer') shown(value.expression as Expression);
      },
      JSXText({ value, start }) {
        if (words.test(value)) found.hardCoded.push(`${at(start)} ${value.trim()}`);
      },
    }).visit(program);
  }
  return found;
}

/** More than a sign, a unit, or an address or id as an example. */
const words = { test: (text: string): boolean => /\p{L}{2}/u.test(text) && !/^\S*[_:/.]\S*$/.test(text) };

const literal = (value: Expression | Argument): string | undefined => {
  if (value.type === 'Literal') return typeof value.value === 'string' ? value.value : undefined;
  const [only] = value.type === 'TemplateLiteral' && value.quasis.length === 1 ? value.quasis : [];
  return only?.value.cooked ?? undefined;
};

function isWords(value: Expression | Argument): boolean {
  if (value.type === 'Literal') return typeof value.value === 'string' && words.test(value.value);
  if (value.type === 'TemplateLiteral') {
    // An icon is no word.
    return value.quasis.some(({ value: { cooked } }) => words.test((cooked ?? '').replace(/\$\([\w~-]+\)/g, '')));
  }
  if (value.type === 'ConditionalExpression') return isWords(value.consequent) || isWords(value.alternate);
  return value.type === 'LogicalExpression' && (isWords(value.left) || isWords(value.right));
}

/** @returns what a translation lacks, has too much, says as the original does, or fills in differently. */
export function faultsOf(original: Texts, translated: Texts, alike: ReadonlySet<string>): string[] {
  const faults = Object.keys(original).flatMap((key) => {
    const [text = '', translation] = [original[key], translated[key]];
    if (translation === undefined) return [`“${key}” is missing`];
    if (translation.trim() === '') return [`“${key}” is empty`];
    if (translation === text && words.test(text) && !alike.has(text)) return [`“${key}” is not translated`];
    return String(fixed(text)) === String(fixed(translation)) ? [] : [`“${key}” is filled in differently`];
  });
  const unused = Object.keys(translated).filter((key) => original[key] === undefined);
  return [...faults, ...unused.map((key) => `“${key}” is not used`)];
}

/** What stays as it is in every language, in the order of the alphabet: places to fill in, commands, code, lines. */
const fixed = (text: string): string[] => (text.match(/\{\w+\}|\(command:[\w.]+\)|`[^`]*`|\n/g) ?? []).toSorted();

export const readTexts = (path: string): Texts => JSON.parse(readFileSync(join(projectRoot, path), 'utf8')) as Texts;

/** What is the same in English and in another language. */
const alikeTexts = new Set(['Contact Lookup', 'Ctrl+Enter', 'E-mail', 'Id', 'Web']);

export const sourceTexts = (): SourceTexts => {
  const root = join(projectRoot, 'src');
  const paths = globSync('**/*.{ts,tsx}', { cwd: root });
  return textsOf(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
};

/** What is wrong with the texts of the project; nothing where all is well. */
export function faultsOfAll(): string[] {
  const { asked, hardCoded, unknown } = sourceTexts();
  const original = Object.fromEntries([...asked.keys()].map((text) => [text, text]));
  const manifest = readTexts('package.nls.json');
  return [
    ...hardCoded.map((place) => `${place}: a text that no other language has; ask vscode.l10n for it`),
    ...unknown.map((place) => `${place}: l10n.t takes a text as it is, so that it can be found`),
    ...languages.flatMap((language) => [
      ...faultsOf(original, readTexts(`src/l10n/bundle.l10n.${language}.json`), alikeTexts).map(
        (fault) => `src/l10n/bundle.l10n.${language}.json: ${fault}`,
      ),
      ...faultsOf(manifest, readTexts(`package.nls.${language}.json`), alikeTexts).map(
        (fault) => `package.nls.${language}.json: ${fault}`,
      ),
    ]),
  ];
}
