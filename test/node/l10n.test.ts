import assert from 'node:assert/strict';
import { faultsOf, faultsOfAll, textsOf } from '../l10n/texts.ts';

describe('the texts that users see', () => {
  it('are all there, and filled in alike, in every language', () => {
    assert.deepEqual(faultsOfAll(), []);
  });

  it('are found wherever they are asked for', () => {
    const source = `
      vscode.l10n.t('one {0}', 1);
      l10n.t(\`two\`);
      vscode.l10n.t(someText);
      other.t('three');`;
    const { asked, unknown, hardCoded } = textsOf(new Map([['contacts/a.ts', source]]));
    assert.deepEqual(
      [...asked],
      [
        ['one {0}', ['contacts/a.ts:2']],
        ['two', ['contacts/a.ts:3']],
      ],
    );
    assert.deepEqual(unknown, ['contacts/a.ts:4']);
    assert.deepEqual(hardCoded, []);
  });

  it('are found where no language could have another', () => {
    const shown = [
      `vscode.window.showErrorMessage('It failed.')`,
      'vscode.window.showInformationMessage(`${count} contacts`)',
      `const item = { label: 'Contacts', value: 1 }`,
      `const item = { tooltip: isOne ? 'one' : undefined }`,
      `picker.placeholder = name ?? 'Who?'`,
      `const one = <p>Nobody here</p>`,
      `const one = <input aria-label="Name" />`,
      `const one = <input title={'Name'} />`,
    ];
    const silent = [
      `const item = { label: contact.name, description: '·' }`,
      'const item = { label: `$(sync~spin) ${text}` }',
      `const one = <p class="name">{text}: 1</p>`,
      `input.placeholder = 'https://contacts.example.com'`,
      `const { label } = { kind: 'text that nobody sees' }`,
    ];
    const found = (source: string): number => textsOf(new Map([['lookup/a.tsx', source]])).hardCoded.length;
    assert.deepEqual(
      shown.filter((source) => found(source) !== 1),
      [],
    );
    assert.deepEqual(
      silent.filter((source) => found(source) !== 0),
      [],
    );
    // What runs in a server shows nothing by itself.
    assert.deepEqual(textsOf(new Map([['server/a.ts', shown[2] ?? '']])).hardCoded, []);
  });

  it('are compared with those of the original', () => {
    const original = { a: 'Delete {0} contacts?', b: 'Web', c: 'See the [log](command:x.log).\nOr not.', d: 'Yes' };
    const alike = new Set(['Web']);
    const good = { a: 'Xóa {0}?', b: 'Web', c: 'Xem [x](command:x.log).\nY.', d: 'Có' };
    assert.deepEqual(faultsOf(original, good, alike), []);
    const bad = { a: 'Xóa {1}?', b: 'Web', c: 'Xem [x](command:x.other).\nY.', d: 'Yes', e: 'Không' };
    assert.deepEqual(faultsOf(original, bad, alike), [
      '“a” is filled in differently',
      '“c” is filled in differently',
      '“d” is not translated',
      '“e” is not used',
    ]);
    assert.deepEqual(faultsOf({ a: 'One', b: 'Two' }, { b: ' ' }, alike), ['“a” is missing', '“b” is empty']);
  });
});
