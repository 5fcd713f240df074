import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { displayText } from '../../platform/displayText.ts';
import { contactName } from '../contactText.ts';
import { ContactPanel, contactPanelType, type PanelServices } from './contactPanel.ts';

/** The open panels, at most one for each contact; they come back after a reload. */
export class ContactPanels implements vscode.Disposable {
  private readonly services: PanelServices;
  private readonly panels = new Map<string, ContactPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(services: PanelServices) {
    this.services = services;
    this.serializer = vscode.window.registerWebviewPanelSerializer(contactPanelType, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) => {
        const contactId = (state as { contactId?: unknown } | undefined)?.contactId;
        if (typeof contactId === 'string') this.adopt(panel, contactId, services.model.find(contactId));
        else panel.dispose();
      },
    });
  }

  /** Opens the contact, or shows the panel that it already has. */
  open(contactId: string, known: Contact | undefined): void {
    const open = this.panels.get(contactId);
    if (open !== undefined) return open.reveal();
    const title = known === undefined ? vscode.l10n.t('Contact') : displayText(contactName(known), 'label');
    const panel = vscode.window.createWebviewPanel(contactPanelType, title, vscode.ViewColumn.Active, {
      enableScripts: true,
    });
    this.adopt(panel, contactId, known);
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.panels.values()) panel.dispose();
  }

  private adopt(webviewPanel: vscode.WebviewPanel, contactId: string, known: Contact | undefined): void {
    const panel = new ContactPanel(webviewPanel, contactId, known, this.services);
    this.panels.set(contactId, panel);
    panel.onDidDispose(() => {
      this.panels.delete(contactId);
      panel.dispose();
    });
  }
}
