import type { Contact } from '../api/decode/contact.ts';
import { contactName, contactPhone } from './contactName.ts';

/** A contact as a vCard 4.0 (RFC 6350). */
export function vCard(contact: Contact): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `UID:${escaped(contact.id)}`,
    `FN:${escaped(contactName(contact))}`,
    `N:${[contact.last_name, contact.first_name, '', '', ''].map((part) => escaped(part ?? '')).join(';')}`,
    property('EMAIL', contact.email),
    property('TEL;VALUE=text', contactPhone(contact)),
    property('ORG', contact.company_name),
    property('TITLE', contact.position),
    property('NOTE', contact.remark),
    contact.labels.length === 0 ? undefined : `CATEGORIES:${contact.labels.map(escaped).join(',')}`,
    'END:VCARD',
  ];
  return lines
    .filter((line) => line !== undefined)
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

const property = (name: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `${name}:${escaped(value)}`;

/** Section 3.4 of the RFC. */
const escaped = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replace(/\r\n?|\n/g, '\\n');

/** A line has at most 75 octets; the rest goes on in the next, after a space (section 3.2). */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (Buffer.byteLength(part + character) > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].join('\r\n ');
}
