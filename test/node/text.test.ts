import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import fc from 'fast-check';
import { toolKinds } from '../../src/agents/tools/toolKinds.ts';
import { safeFileName, savedFileName } from '../../src/contacts/files/fileName.ts';
import { displayLines, displayText, textLimits } from '../../src/platform/displayText.ts';
import { caller, receive, refused, type Handlers } from '../../src/protocol/calls.ts';
import { textFields } from '../../src/contacts/formFields.ts';
import { contactHostChecks, type ContactHost } from '../../src/protocol/contactPage.ts';
import type { Sections } from '../../src/protocol/contactViews.ts';
import { entriesOf } from '../../src/webview/timelineEntries.ts';
import { projectRoot } from '../harness/paths.ts';

const nasty = fc.constantFrom(
  '\u202e',
  '\u200b',
  '\ufeff',
  '$(',
  '$',
  '(',
  '\n',
  '\r',
  '\0',
  '\x1b[31m',
  'ễ',
  '王',
  '👩‍👩‍👧',
  '<img>',
  '[x](command:y)',
  '\u2028',
  '\x85',
  '\u2067',
);
const text = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''));

describe('text of strangers', () => {
  it('is shown on one line, within its limit, with nothing hidden and no icon', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('label', 'description', 'tooltip', 'message'), (value, limit) => {
        const shown = displayText(value, limit);
        // oxlint-disable-next-line no-control-regex -- what must not be there
        assert.doesNotMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        assert.doesNotMatch(shown, /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
        assert.ok(!shown.includes('$('));
        assert.ok(!shown.includes(']('));
        assert.ok(Array.from(shown).length <= textLimits[limit]);
        assert.equal(displayText(shown, limit), shown);
      }),
      { numRuns: 5000 },
    );
  });

  it('is left alone where it is harmless', () => {
    for (const plain of ['Nguyễn Thị Hương', '王伟', 'محمد', "O'Connor & <Sons>", '+84 912', 'a_b*c']) {
      assert.equal(displayText(plain, 'label'), plain);
    }
    assert.equal(displayText('photo\u202egnp.exe', 'label'), 'photo⟨202E⟩gnp.exe');
    assert.equal(displayLines('a\nb\u202ec', 'tooltip'), 'a\nb⟨202E⟩c');
  });

  it('never names a file outside the folder, on either system', () => {
    const names = [
      '../../etc/passwd',
      '..\\..\\x',
      'con',
      'CON.txt',
      'nul.',
      '.bashrc',
      '...',
      '',
      '/',
      'a/b/c.txt',
      'C:\\x.exe',
      'a\u202egpj.exe',
      'x'.repeat(500) + '.png',
      'a:b',
      'lpt1',
      ' . ',
      '\0',
      'a\nb',
      '文件.pdf',
      'báo cáo.png',
    ];
    for (const name of names) check(name);
    fc.assert(
      fc.property(text, (name) => check(name)),
      { numRuns: 2000 },
    );
    assert.equal(safeFileName('báo cáo.png'), 'báo cáo.png');
    assert.equal(safeFileName('con'), '_con');
    for (const [name, extension, saved] of [
      ['invoice', 'pdf', 'invoice.pdf'],
      ['invoice.PDF', 'pdf', 'invoice.PDF'],
      ['Offer 1.2', 'docx', 'Offer 1.2.docx'],
      ['photo.jpeg', 'jpg', 'photo.jpeg'],
      ['', 'mp3', 'file.mp3'],
      ['note', undefined, 'note'],
      ['note', '../x', 'note'],
    ] as const) {
      assert.equal(savedFileName({ name, extension }), saved);
    }

    function check(name: string): void {
      const safe = safeFileName(name);
      assert.ok(safe.length > 0 && safe.length <= 130, name);
      for (const path of [posix, win32]) {
        assert.equal(path.basename(safe), safe);
        assert.equal(path.dirname(path.join('folder', safe)), 'folder');
      }
      assert.doesNotMatch(safe, /^\.|[\u202e<>:"|?*\\/]|[. ]$/);
      assert.doesNotMatch(safe, /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
    }
  });
});

describe('calls of the page', () => {
  const calls: [name: string, ...parameters: unknown[]][] = [];
  const note = Object.fromEntries(
    Object.keys(contactHostChecks).map((name) => [
      name,
      (...parameters: unknown[]) => calls.push([name, ...parameters]),
    ]),
  ) as unknown as Handlers<ContactHost>;
  const call = (message: unknown): unknown => receive(contactHostChecks, note, message);

  it('reach the host with what the page gave', () => {
    const host = caller<ContactHost>(contactHostChecks, call);
    calls.length = 0;
    host.ready();
    host.retry('files');
    host.change('email', 'x@y.example');
    host.resolve({ email: 'mine' });
    host.saveFiles(['x', 'y']);
    assert.deepEqual(calls, [
      ['ready'],
      ['retry', 'files'],
      ['change', 'email', 'x@y.example'],
      ['resolve', { email: 'mine' }],
      ['saveFiles', ['x', 'y']],
    ]);
  });

  it('are of a known kind with parameters of theirs, or refused', () => {
    calls.length = 0;
    for (const message of [
      null,
      1,
      'ready',
      {},
      { call: 'ready' },
      { call: 'ready', with: ['more'] },
      { call: 'executeCommand', with: ['x'] },
      { call: 'retry', with: [] },
      { call: 'retry', with: ['__proto__'] },
      { call: 'copy', with: ['x'.repeat(201)] },
      { call: 'saveFiles', with: [{}] },
      { call: 'saveFiles', with: [[1]] },
      { call: 'resolve', with: [{ email: 'both' }] },
      { call: 'constructor', with: [] },
      { call: '__proto__', with: [] },
    ]) {
      assert.equal(call(message), refused, JSON.stringify(message));
    }
    fc.assert(
      fc.property(fc.anything(), (message) => call(message) === refused),
      { numRuns: 10_000 },
    );
    assert.deepEqual(calls, []);
  });
});

describe('package.json', () => {
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(projectRoot, name), 'utf8')) as Record<string, unknown>;

  it('takes every text for the user from package.nls.json, which has no other', () => {
    const used = [...JSON.stringify(read('package.json')).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual(Object.keys(read('package.nls.json')).sort(), [...new Set(used)].sort());
  });

  it('lets agents change the fields that people can change', () => {
    const { contributes } = read('package.json') as { contributes: { languageModelTools: Tool[] } };
    const tool = contributes.languageModelTools.find(({ name }) => name === 'contactLookup_updateContact');
    assert.deepEqual(Object.keys(tool?.inputSchema.properties.changes.properties ?? {}), textFields);
  });

  it('offers agents the tools that there are, and says which of them change something', () => {
    const { contributes } = read('package.json') as { contributes: { languageModelTools: Tool[] } };
    const offered = contributes.languageModelTools;
    const kinds = offered.map(({ name, tags }) => [
      name.replace('contactLookup_', ''),
      tags.includes('changes') ? 'changing' : 'reading',
    ]);
    assert.deepEqual(Object.fromEntries(kinds), toolKinds);
  });

  it('has no dependency that is not bundled', () => {
    assert.equal(read('package.json')['dependencies'], undefined);
  });
});

interface Tool {
  name: string;
  tags: string[];
  inputSchema: { properties: { changes: { properties: object } } };
}

describe('a timeline', () => {
  it('is in order also where a server has written a time that nobody can read', () => {
    const comments = ['2026-05-01T08:00:00Z', 'soon', '2026-05-03T08:00:00Z', '', '2026-05-02T08:00:00Z'].map((at) => ({
      at,
    }));
    const none = { status: 'loading' };
    const sections = {
      conversations: none,
      files: none,
      activities: none,
      comments: { status: 'ready', items: comments },
    };
    assert.deepEqual(
      entriesOf(sections as unknown as Sections).map(({ item }) => item.at),
      ['2026-05-03T08:00:00Z', '2026-05-02T08:00:00Z', '2026-05-01T08:00:00Z', 'soon', ''],
    );
  });
});
