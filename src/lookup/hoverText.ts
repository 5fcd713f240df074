/** What a hover says of somebody. */
import * as vscode from 'vscode';
import { contactName } from '../contacts/contactName.ts';
import { contactMethods, lastMessageText } from '../contacts/contactSummary.ts';
import type { CommandId } from '../platform/commands.ts';
import { displayParts, displayText } from '../platform/displayText.ts';
import type { Person } from './personFinder.ts';

/** What is known of them. All of it is text of strangers: plain, in a string that VS Code does not trust. */
export function about({ contact, lastMessage }: Person, picture: string | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', false);
  // Made of bytes that were checked, with nothing of the address that they came from.
  if (picture !== undefined) text.appendMarkdown(`![](${picture}|width=40,height=40)\n\n`);
  text.appendMarkdown(plain(displayText(contactName(contact), 'label')));
  const work = displayParts([contact.position, contact.company_name], ' · ', 'description');
  if (work !== '') text.appendMarkdown(`\n\n${plain(work)}`);
  const reach = displayParts(contactMethods(contact), ' · ', 'description');
  if (reach !== '') text.appendMarkdown(`\n\n${plain(reach)}`);
  if (lastMessage !== undefined) text.appendMarkdown(`\n\n${plain(lastMessageText(lastMessage))}`);
  return text;
}

/**
 * Escapes text so that Markdown renders it literally and makes no links of addresses: everything except letters, digits
 * and spaces becomes a numeric entity.
 */
const plain = (text: string): string =>
  text.replace(/[^\p{L}\p{M}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);

type Link = readonly [label: string, command: CommandId];

/** A string of its own, with no text of anybody, which may therefore run these commands and no others. */
function links(argument: object, ...offered: readonly Link[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', false);
  text.isTrusted = { enabledCommands: offered.map(([, command]) => command) };
  const encodedArguments = encodeURIComponent(JSON.stringify([argument])).replace(/[()']/g, percent);
  return text.appendMarkdown(
    offered.map(([label, command]) => `[${label}](command:${command}?${encodedArguments})`).join(' · '),
  );
}

export function actions({ contact }: Person): vscode.MarkdownString {
  const offered: Link[] = [[vscode.l10n.t('Open'), 'contactLookup.openContact']];
  if (contact.email !== undefined) offered.push([vscode.l10n.t('Copy E-mail'), 'contactLookup.copyEmail']);
  if (contact.phone_number !== undefined) offered.push([vscode.l10n.t('Copy Phone'), 'contactLookup.copyPhone']);
  return links({ contactId: contact.id }, ...offered);
}

/** Over an address that nobody has. */
export const offerNew = (address: string): vscode.MarkdownString[] => [
  new vscode.MarkdownString(plain(vscode.l10n.t('Nobody was found who has this address.')), false),
  links({ text: address }, [vscode.l10n.t('New Contact…'), 'contactLookup.newContact']),
];

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;
