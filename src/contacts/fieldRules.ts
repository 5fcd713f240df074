import * as vscode from 'vscode';
import { normalizePhone } from '../contract/internationalNumber.ts';
import { isLanguageCode, plainGender } from './fieldChoices.ts';
import type { FormField, TextField } from './formFields.ts';

/** What is wrong with a text for a field, and what it will be taken for. */
export interface Validation {
  fault?: string;
  hint?: string;
}

/** What is kept of a text for a field. */
export function normalizeField(field: TextField, text: string): string {
  const trimmed = text.trim();
  if (field === 'gender') return plainGender(trimmed);
  return field === 'phone_number' ? normalizePhone(trimmed) : trimmed;
}

/**
 * The same of a text that the user has typed: a number that names no country is of the one in the settings.
 * @param areaCode what stands beside the number, which names its country then.
 */
export async function typedField(field: TextField, text: string, areaCode = ''): Promise<string> {
  const kept = normalizeField(field, text);
  const country: unknown = vscode.workspace.getConfiguration('contactLookup').get('phone.country');
  const isNational = field === 'phone_number' && kept !== '' && !kept.startsWith('+') && areaCode === '';
  if (!isNational || typeof country !== 'string' || country === '') return kept;
  const { internationalFrom } = await import('./phone.ts');
  return internationalFrom(country.toUpperCase(), kept);
}

const maxLength = 2_000;

/**
 * Validates a text for a form field: the error to show, and the form a phone number will be stored in; asynchronous
 * because phone rules are loaded on demand.
 * @param areaCode as for `typedField`.
 */
export async function validate(field: FormField, text: string, areaCode = ''): Promise<Validation> {
  const trimmed = text.trim();
  if (text.length > maxLength) return { fault: vscode.l10n.t('At most {0} characters.', maxLength) };
  if (field === 'display_name' && trimmed === '') return { fault: vscode.l10n.t('A contact needs a name.') };
  if (trimmed === '') return {};
  if (field === 'email' && !/^[^\s@]+@[^\s@]+$/.test(trimmed)) {
    return { fault: vscode.l10n.t('An e-mail address has one @.') };
  }
  if (field === 'language' && !isLanguageCode(trimmed)) {
    return { fault: vscode.l10n.t('A language is written by its code, such as vi or zh-Hant.') };
  }
  return field === 'phone_number' ? validatePhone(trimmed, areaCode) : {};
}

async function validatePhone(text: string, areaCode: string): Promise<Validation> {
  // The rules of all countries are large; they are loaded with the first number.
  const { isPhone } = await import('./phone.ts');
  if (!isPhone(text)) {
    return { fault: vscode.l10n.t('A phone number has 3 to 15 digits, with + before the country code.') };
  }
  const kept = await typedField('phone_number', text, areaCode);
  return kept === text ? {} : { hint: kept };
}
