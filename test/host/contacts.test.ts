import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { ApiError, type ApiErrorKind } from '../../src/api/apiError.ts';
import type { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import { ContactHistory } from '../../src/contacts/contactHistory.ts';
import { updateContact } from '../../src/contacts/commands/updateContact.ts';
import { ContactsModel } from '../../src/contacts/contactsModel.ts';
import { saveFiles } from '../../src/contacts/files/saveFiles.ts';
import { CommentBox } from '../../src/contacts/panel/commentBox.ts';
import { ContactEditing } from '../../src/contacts/panel/contactEditing.ts';
import { ContactForm, undo, type SavedChange } from '../../src/contacts/panel/contactForm.ts';
import { Drafts } from '../../src/contacts/panel/drafts.ts';
import type { ContactPage } from '../../src/protocol/contactPage.ts';
import { eventually, localDesk, type LocalDesk } from './support.ts';

/** Lets nothing through before it is opened. */
class Gate {
  private readonly opened = Promise.withResolvers<void>();
  private readonly reached = Promise.withResolvers<void>();
  /** Somebody waits. */
  readonly isReached = this.reached.promise;

  pass(): Promise<void> {
    this.reached.resolve();
    return this.opened.promise;
  }

  open(): void {
    this.opened.resolve();
  }
}

describe('contacts of a window', () => {
  const { signal } = new AbortController();
  let desk: LocalDesk;
  let service: ContactService;
  before(async () => {
    desk = await localDesk();
    ({ service } = desk);
  });
  after(() => desk.dispose());

  const saved = async (contact: Contact, fields: Record<string, string>): Promise<SavedChange> => {
    const form = new ContactForm(contact, undefined, () => undefined);
    for (const [field, text] of Object.entries(fields)) await form.set(field as 'email', text);
    const result = await form.save(service, contact.id, signal);
    return result.kind === 'saved' ? result.change : assert.fail(`${result.kind}: ${form.view.message}`);
  };

  describe('that are edited', () => {
    it('have their whole name again when a part of it is undone', async () => {
      for (const [display_name, first_name] of [
        ['TWN#NJ9585', undefined],
        ['Dr. Lim (VIP)', 'Ana'],
      ] as const) {
        const contact = await service.create({ display_name, ...(first_name && { first_name }) });
        await service.update(contact.id, { display_name });
        const before = await service.get(contact.id, { isFresh: true });
        assert.equal(before.display_name, display_name);
        const change = await saved(before, { first_name: 'Eva', last_name: 'Ruiz' });
        assert.equal((await service.get(contact.id, { isFresh: true })).display_name, 'Eva Ruiz');
        const { contact: after, kept } = await undo(service, contact.id, change, signal);
        assert.deepEqual([after.display_name, after.first_name, kept], [display_name, first_name, []]);
      }
    });

    it('keep the whole name that somebody else has given them since', async () => {
      const contact = await service.create({ display_name: 'Visitor 1' });
      const change = await saved(contact, { first_name: 'Eva' });
      await service.update(contact.id, { display_name: 'Eva, of Harbour Post' });
      const { contact: after } = await undo(service, contact.id, change, signal);
      assert.equal(after.display_name, 'Eva, of Harbour Post');
    });

    it('are in no conflict with what the server has made of the same', async () => {
      const contact: Contact = {
        ...(await service.create({ display_name: 'Kept Apart' })),
        area_code: '852',
        phone_number: '61234567',
        email: 'ana@x.example',
      };
      const fields = {
        phone_number: { from: '', to: '+85261234567' },
        email: { from: '', to: 'Ana@X.example' },
      };
      assert.equal(new ContactForm(contact, { fields, comment: '' }, () => undefined).isDirty, false);
    });

    it('are no longer discarded once they are on their way, so that nothing typed later goes with them', async () => {
      const contact = await service.create({ display_name: 'On Its Way' });
      const gate = new Gate();
      const slow = Object.create(service, {
        update: {
          value: async (...call: Parameters<ContactService['update']>) => (await gate.pass(), service.update(...call)),
        },
      }) as ContactService;
      const forms: (string | undefined)[] = [];
      const page = new Proxy({} as ContactPage, {
        get: (_, name) => (form: { fields: { name: string; value: string }[] }) => {
          if (name === 'closeForm') forms.push(undefined);
          if (name === 'showForm') forms.push(form.fields.find((field) => field.name === 'remark')?.value);
        },
      });
      const drafts = new Drafts({
        get: (_: string, or: unknown) => or,
        update: async () => undefined,
        keys: () => [],
      } as unknown as vscode.Memento);
      const session = Object.create(desk.session, { service: { value: slow } }) as LocalDesk['session'];
      const model = new ContactsModel(desk.session);
      const editing = new ContactEditing(contact.id, { session, model, drafts }, page, () => undefined);
      try {
        await editing.edit(contact, 'remark');
        await editing.change('remark', 'First');
        const saving = editing.save();
        await gate.isReached;
        await editing.discard();
        await editing.edit(contact, 'remark');
        assert.equal(forms.at(-1), 'First', 'what is being saved is still there');
        gate.open();
        await saving;
        assert.equal(forms.at(-1), undefined);
        assert.equal((await service.get(contact.id, { isFresh: true })).remark, 'First');
      } finally {
        editing.dispose();
        model.dispose();
      }
    });

    it('by the pencil of a list that is older than a change are asked about', async () => {
      const listed = await service.create({ display_name: 'Listed Long Ago', email: 'old@x.example' });
      await service.update(listed.id, { email: 'theirs@x.example' });
      const asUsual = vscode.window.createInputBox;
      let accept: (() => void) | undefined;
      let box: vscode.InputBox | undefined;
      // Nobody is there to press Enter.
      vscode.window.createInputBox = () => {
        box = asUsual();
        const onDidAccept: vscode.Event<void> = (listener) => {
          accept = () => void listener();
          return new vscode.Disposable(() => undefined);
        };
        return new Proxy(box, {
          get: (target, name) => (name === 'onDidAccept' ? onDidAccept : bound(target, name)),
          set: (target, name, value) => Reflect.set(target, name, value),
        });
      };
      const model = new ContactsModel(desk.session);
      try {
        const updating = updateContact(() => service, 'test ', model, listed, 'email');
        await eventually('the box', () => accept);
        (box ?? assert.fail()).value = 'mine@x.example';
        accept?.();
        const asked = await eventually('the question', () => box?.validationMessage as string | undefined);
        assert.match(asked, /“theirs@x\.example”/);
        assert.equal((await service.get(listed.id, { isFresh: true })).email, 'theirs@x.example');
        accept?.();
        await updating;
        assert.equal((await service.get(listed.id, { isFresh: true })).email, 'mine@x.example');
      } finally {
        vscode.window.createInputBox = asUsual;
        model.dispose();
      }
    });
  });

  describe('of whom something is read and kept', () => {
    it('have their activity where one conversation is refused, and say so where all are', async () => {
      const [contact] = (await service.list({ limit: 1 })).items;
      const conversations = [1, 2, 3].map((n) => ({ id: `conv_${n}` }));
      const historyOf = (getActivities: (id: string) => Promise<unknown>): ContactHistory =>
        new ContactHistory(
          Object.create(service, {
            getConversations: { value: async () => ({ items: conversations }) },
            getActivities: { value: getActivities },
          }) as ContactService,
          contact?.id ?? '',
        );
      const activities = (refused: readonly string[], kind: ApiErrorKind): Promise<unknown[]> =>
        historyOf(async (id) => {
          if (refused.includes(id)) throw new ApiError(kind);
          return [{ id: `act of ${id}` }];
        })
          .activities(signal)
          .then(({ items }) => items.map(({ id }) => id));
      assert.deepEqual(await activities(['conv_2'], 'notFound'), ['act of conv_1', 'act of conv_3']);
      assert.deepEqual(await activities(['conv_1', 'conv_3'], 'forbidden'), ['act of conv_2']);
      await assert.rejects(activities(['conv_1', 'conv_2', 'conv_3'], 'notFound'), { kind: 'notFound' });
      // Whoever does not answer may do so the next time.
      await assert.rejects(activities(['conv_2'], 'network'), { kind: 'network' });
    });

    it('have the files saved that are there, where others are not', async () => {
      const folder = vscode.Uri.file(mkdtempSync(join(tmpdir(), 'contact-lookup-files-')));
      const { showOpenDialog, showErrorMessage } = vscode.window;
      const told: string[] = [];
      vscode.window.showOpenDialog = async () => [folder];
      vscode.window.showErrorMessage = async (text: string) => void told.push(text);
      const files = ['a', 'gone', 'b'].map((name) => ({
        id: name,
        name,
        extension: 'txt',
        url: `https://x.example/${name}`,
      }));
      const media = async (url: string): Promise<Uint8Array> => {
        if (url.endsWith('gone')) throw new ApiError('notFound');
        return new TextEncoder().encode(url);
      };
      try {
        const written = await saveFiles({ media } as unknown as ContactService, files);
        assert.deepEqual(
          written?.map(({ path }) => basename(path)),
          ['a.txt', 'b.txt'],
        );
        assert.deepEqual(readdirSync(folder.fsPath).toSorted(), ['a.txt', 'b.txt']);
        assert.match(told.join('\n'), /^2 of 3 files are saved\. Not saved: gone\.txt\. \S/);
      } finally {
        Object.assign(vscode.window, { showOpenDialog, showErrorMessage });
        rmSync(folder.fsPath, { recursive: true, force: true });
      }
    });

    it('can be commented on after one was refused because they were gone, with what was typed still there', async () => {
      const refuse = async (): Promise<never> => {
        throw new ApiError('notFound');
      };
      const sent = async (find: () => Promise<unknown>): Promise<CommentBox> => {
        const box = new CommentBox(() => undefined);
        box.set('A long comment');
        assert.equal(await box.send(refuse, refuse, find), false);
        return box;
      };
      const gone = await sent(refuse);
      assert.deepEqual([gone.view.draft, gone.view.refusal], ['A long comment', '']);
      assert.notEqual(gone.view.fault, '');
      const withoutRoute = await sent(async () => undefined);
      assert.deepEqual([withoutRoute.view.draft, withoutRoute.view.fault], ['A long comment', '']);
      assert.notEqual(withoutRoute.view.refusal, '');
    });
  });

  describe('in a list', () => {
    let model: ContactsModel;
    beforeEach(async () => {
      model = new ContactsModel(desk.session);
      await model.load();
    });
    afterEach(() => model.dispose());

    it('are listed again when they come back after they were deleted', async () => {
      const contact = await service.create({ display_name: 'Comes Back' });
      await model.refresh();
      model.hide([contact.id]);
      await service.delete(contact.id);
      model.forgetOnceGone([contact.id]);
      await model.refresh();
      assert.equal(model.find(contact.id), undefined);
      assert.equal(model.isHidden(contact.id), false);
    });

    it('that are deleted are not listed by a server that lists them for a while', async () => {
      const contact = await service.create({ display_name: 'Lingers' });
      model.hide([contact.id]);
      model.forgetOnceGone([contact.id]);
      await model.refresh();
      assert.deepEqual([model.find(contact.id), model.isHidden(contact.id)], [undefined, true]);
    });

    it('are as they were saved, whatever was read before', async () => {
      const contact = await service.create({ display_name: 'Read Before' });
      await model.refresh();
      const gate = new Gate();
      const list = service.list.bind(service);
      service.list = async (...call) => {
        const page = await list(...call);
        await gate.pass();
        return page;
      };
      try {
        const refreshing = model.refresh();
        await gate.isReached;
        model.accept((await service.update(contact.id, { remark: 'Saved meanwhile' })).contact);
        gate.open();
        await refreshing;
        assert.equal(model.find(contact.id)?.remark, 'Saved meanwhile');
      } finally {
        service.list = list;
      }
      await model.refresh();
      assert.equal(model.find(contact.id)?.remark, 'Saved meanwhile');
    });
  });
});

const bound = (target: object, name: string | symbol): unknown => {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
};
