import * as vscode from 'vscode';
import type { Avatars } from '../contacts/avatars.ts';
import { contactName } from '../contacts/contactName.ts';
import { lastMessageText, contactMethods } from '../contacts/contactSummary.ts';
import type { CommandId } from '../platform/commands.ts';
import { displayParts, displayText } from '../platform/displayText.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { Person, PersonFinder } from './personFinder.ts';
import { mentionsIn } from './mentions.ts';
import { isSwitchedOn } from './settings.ts';

/** Who an e-mail address, a phone number or an id is, over any text. */
export class PersonHover implements vscode.HoverProvider {
  private readonly finder: PersonFinder;
  private readonly avatars: Avatars;
  private readonly log: Log;

  constructor(finder: PersonFinder, avatars: Avatars, log: Log) {
    this.finder = finder;
    this.avatars = avatars;
    this.log = log;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!isSwitchedOn('hover', document)) return undefined;
    const { line, character } = position;
    const mention = mentionsIn(document.lineAt(line).text).find(
      ({ start, end }) => character >= start && character <= end,
    );
    if (mention === undefined) return undefined;
    try {
      const person = await this.finder.find(mention);
      const range = new vscode.Range(line, mention.start, line, mention.end);
      if (person === undefined) {
        const isOffered = mention.kind === 'email' && (await this.finder.isNobody(mention));
        return isOffered ? new vscode.Hover(offerNew(mention.text), range) : undefined;
      }
      const picture = await this.avatars.load(person.contact);
      return new vscode.Hover([about(person, picture), actions(person)], range);
    } catch (error) {
      // A hover that cannot say anything says nothing; the log has it.
      this.log.warn(`hover: ${logText(error)}`);
      return undefined;
    }
  }
}

/** What is known of them. All of it is text of strangers: plain, in a string that VS Code does not trust. */
function about({ contact, lastMessage }: Person, picture: string | undefined): vscode.MarkdownString {
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

function actions({ contact }: Person): vscode.MarkdownString {
  const offered: Link[] = [[vscode.l10n.t('Open'), 'contactLookup.openContact']];
  if (contact.email !== undefined) offered.push([vscode.l10n.t('Copy E-mail'), 'contactLookup.copyEmail']);
  if (contact.phone_number !== undefined) offered.push([vscode.l10n.t('Copy Phone'), 'contactLookup.copyPhone']);
  return links({ contactId: contact.id }, ...offered);
}

/** Over an address that nobody has. */
const offerNew = (address: string): vscode.MarkdownString[] => [
  new vscode.MarkdownString(plain(vscode.l10n.t('Nobody was found who has this address.')), false),
  links({ text: address }, [vscode.l10n.t('New Contact…'), 'contactLookup.newContact']),
];

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;
