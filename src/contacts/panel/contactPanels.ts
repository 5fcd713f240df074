import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { logText } from '../../platform/errorReport.ts';
import { displayText, isPersonalDataHidden, onDidHidePersonalData } from '../../platform/displayText.ts';
import { contactName } from '../contactName.ts';
import type { ContactPanel, PanelServices } from './contactPanel.ts';
import { loadPageParts } from './pageHtml.ts';

const contactPanelType = 'contactLookup.contact';

/** The open panels, at most one for each contact; they come back after a reload. */
export class ContactPanels implements vscode.Disposable {
  private readonly services: PanelServices;
  private readonly panels = new Map<string, Promise<ContactPanel>>();
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didShow = new vscode.EventEmitter<string>();
  /** A contact's panel is the one in front now. Carries the contact's id. */
  readonly onDidShow = this.didShow.event;
  /** Whose contacts the panels show; another account has contacts of its own. */
  private accountId: string | undefined;

  constructor(services: PanelServices) {
    this.services = services;
    const serializer = vscode.window.registerWebviewPanelSerializer(contactPanelType, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) => {
        const contactId = (state as { contactId?: unknown } | undefined)?.contactId;
        await services.session.known;
        // A tab that comes back late may meet a panel that was opened meanwhile.
        const isWanted = typeof contactId === 'string' && !this.panels.has(contactId) && !this.isSignedOut;
        if (isWanted) await this.adopt(panel, contactId, services.model.find(contactId));
        else panel.dispose();
      },
    });
    this.disposables.push(
      serializer,
      this.didShow,
      services.session.onDidChange(() => this.keepToAccount()),
      onDidHidePersonalData(() => {
        if (!isPersonalDataHidden()) return;
        this.closeFiles();
        this.hideUnseen();
      }),
    );
    void services.session.known.then(() => {
      if (this.isSignedOut) this.closeWithFiles();
      else if (isPersonalDataHidden()) this.hideUnseen();
    });
  }

  /** Opens the contact, or shows the panel that it already has. */
  async open(contactId: string, known: Contact | undefined, preserveFocus = false): Promise<ContactPanel> {
    const open = await this.panels.get(contactId);
    if (open !== undefined) {
      open.reveal(preserveFocus);
      return open;
    }
    const title = known === undefined ? vscode.l10n.t('Contact') : displayText(contactName(known), 'label');
    const panel = vscode.window.createWebviewPanel(
      contactPanelType,
      title,
      { viewColumn: vscode.ViewColumn.Active, preserveFocus },
      {
        enableScripts: true,
      },
    );
    return this.adopt(panel, contactId, known);
  }

  /** Closes the panel of a contact that is no more. */
  close(contactId: string): void {
    void this.panels.get(contactId)?.then((opened) => opened.dispose());
  }

  /** Loads what has happened with a contact anew, where its panel is open. */
  reload(contactId: string): void {
    void this.panels.get(contactId)?.then((opened) => opened.reload());
  }

  /** Keeps what is typed in all of them. */
  async storeDrafts(): Promise<void> {
    const panels = await Promise.allSettled(this.panels.values());
    // One that could not be made has nothing to keep, and is to hold up nobody who signs out.
    for (const panel of panels) if (panel.status === 'fulfilled') await panel.value.storeDraft();
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
    this.closeAll();
  }

  /** Closes what another account has shown, so that a sign-out leaves nothing of it behind. */
  private keepToAccount(): void {
    const { id } = this.services.session.account ?? {};
    if (this.accountId !== undefined && this.accountId !== id) {
      this.closeWithFiles();
      this.services.seen.forgetAll();
    }
    this.accountId = id;
  }

  private get isSignedOut(): boolean {
    return this.services.session.state.kind === 'signedOut';
  }

  private closeAll(): void {
    for (const panel of this.panels.values()) void panel.then((opened) => opened.dispose());
  }

  /** As `closeAll`, with the files of contacts that VS Code shows beside them. */
  private closeWithFiles(): void {
    this.closeAll();
    this.closeFiles();
  }

  private closeFiles(): void {
    import('../files/closeTabs.ts')
      .then(({ closeFileTabs }) => closeFileTabs())
      .catch((error: unknown) => this.services.log.warn(logText(error)));
  }

  /** Also in the titles of panels that are not there yet. */
  private hideUnseen(): void {
    import('./unseenPanels.ts')
      .then(({ lookAtUnseen }) => lookAtUnseen(contactPanelType, () => this.panels.size))
      .catch((error: unknown) => this.services.log.warn(logText(error)));
  }

  private adopt(
    webviewPanel: vscode.WebviewPanel,
    contactId: string,
    known: Contact | undefined,
  ): Promise<ContactPanel> {
    const panel = this.build(webviewPanel, contactId, known);
    this.panels.set(contactId, panel);
    if (webviewPanel.active) this.didShow.fire(contactId);
    webviewPanel.onDidChangeViewState(() => {
      if (webviewPanel.active) this.didShow.fire(contactId);
    });
    webviewPanel.onDidDispose(() => {
      if (this.panels.get(contactId) === panel) this.panels.delete(contactId);
      void panel.then((opened) => opened.dispose());
    });
    return panel;
  }

  private async build(
    webviewPanel: vscode.WebviewPanel,
    contactId: string,
    known: Contact | undefined,
  ): Promise<ContactPanel> {
    const { ContactPanel } = await import('./contactPanel.ts');
    const parts = await loadPageParts(this.services.extensionUri);
    return new ContactPanel(webviewPanel, contactId, known, parts, this.services);
  }
}
