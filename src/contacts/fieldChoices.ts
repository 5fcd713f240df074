import * as vscode from 'vscode';

/** A value that a field can have, as a server keeps it and in words. */
export interface FieldChoice {
  value: string;
  label: string;
}

/** Languages that are offered; any other that a contact has is offered too. */
const offeredLanguages = [
  'ar', 'cs', 'da', 'de', 'el', 'en', 'es', 'fi', 'fr', 'he', 'hi', 'hu', 'id', 'it', 'ja', 'ko', 'ms', 'nb', 'nl', 'pl',
  'pt', 'ro', 'ru', 'sv', 'th', 'tl', 'tr', 'uk', 'vi', 'zh', 'zh-Hans', 'zh-Hant',
]; // prettier-ignore

const genderNames = (): ReadonlyMap<string, string> =>
  new Map([
    ['male', vscode.l10n.t('Male')],
    ['female', vscode.l10n.t('Female')],
    ['other', vscode.l10n.t('Other')],
  ]);

/** The name of a language by its code, such as `vi` or `zh-Hant`; of other texts `undefined`. */
function languageName(code: string): string | undefined {
  if (!isLanguageCode(code)) return undefined;
  return new Intl.DisplayNames([vscode.env.language], { type: 'language', fallback: 'none' }).of(code);
}

export const isLanguageCode = (text: string): boolean => /^[a-z]{2}(?:-[A-Z]{2}|-[A-Z][a-z]{3})?$/.test(text);

/** How a value is shown, where a server keeps a code for it. */
export function valueInWords(field: string, value: string): string {
  if (field === 'gender') return genderNames().get(value.toLowerCase()) ?? value;
  return field === 'language' ? (languageName(value) ?? value) : value;
}

/**
 * What a field can be set to, with nothing first; `undefined` for one that takes any text.
 * @param own values that the contact has or had, which are offered too.
 */
export function choicesOf(field: string, own: readonly string[]): FieldChoice[] | undefined {
  if (field !== 'gender' && field !== 'language') return undefined;
  const values = field === 'gender' ? [...genderNames().keys()] : offeredLanguages;
  const named = values.map((value) => ({ value, label: valueInWords(field, value) }));
  const sorted = field === 'language' ? named.toSorted((one, other) => one.label.localeCompare(other.label)) : named;
  const others = [...new Set(own)].filter((value) => value !== '' && !values.includes(value));
  return [
    { value: '', label: vscode.l10n.t('Not set') },
    ...sorted,
    ...others.map((value) => ({ value, label: valueInWords(field, value) })),
  ];
}

/** A gender as it is compared and offered, however a server writes it. */
export function plainGender(text: string): string {
  const lower = text.trim().toLowerCase();
  return [...genderNames().keys()].find((name) => name === lower || name[0] === lower) ?? text;
}
