import * as vscode from 'vscode';
import type { Avatars } from '../contacts/avatars.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { PersonFinder } from './personFinder.ts';
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
      const person = await this.finder.findWithMessage(mention);
      const range = new vscode.Range(line, mention.start, line, mention.end);
      if (person === undefined) {
        const isOffered = mention.kind === 'email' && (await this.finder.isNobody(mention));
        return isOffered ? new vscode.Hover((await import('./hoverText.ts')).offerNew(mention.text), range) : undefined;
      }
      setContextKey('contactLookup.hasHovered', true);
      const { about, actions } = await import('./hoverText.ts');
      const picture = await this.avatars.load(person.contact);
      return new vscode.Hover([about(person, picture), actions(person)], range);
    } catch (error) {
      // A hover that cannot say anything says nothing; the log has it.
      this.log.warn(`hover: ${logText(error)}`);
      return undefined;
    }
  }
}
