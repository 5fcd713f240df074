import assert from 'node:assert/strict';
import { ApiError, apiErrorKinds } from '../../src/api/apiError.ts';
import { logText, sentenceFor, UserError } from '../../src/platform/errorReport.ts';
import * as vscode from 'vscode';
import type { Contact } from '../../src/api/decode/contact.ts';
import { ContactForm } from '../../src/contacts/panel/contactForm.ts';
import { typedField, validate } from '../../src/contacts/fieldRules.ts';
import { fieldsIn } from '../../src/contacts/commands/newContact.ts';
import { contactView } from '../../src/contacts/panel/views.ts';

describe('what the user is told', () => {
  it('is one sentence for every kind of failure, with nothing technical in it', () => {
    const sentences = apiErrorKinds.map((kind) =>
      sentenceFor(new ApiError(kind, { method: 'GET', pathTemplate: '/contacts/{id}' })),
    );
    assert.equal(new Set(sentences).size, apiErrorKinds.length);
    for (const sentence of sentences) {
      assert.match(sentence, /^[A-Z].*[.?]$/);
      assert.doesNotMatch(sentence, /contacts\/|undefined|\bGET\b|[{}]/);
    }
  });

  it('says when a change may have been made all the same', () => {
    const sentence = sentenceFor(new ApiError('timeout', { mayHaveBeenApplied: true }));
    assert.match(sentence, /may have been made/);
    assert.equal(sentenceFor(new UserError('As it is.')), 'As it is.');
    assert.doesNotMatch(sentenceFor(new Error('SELECT * FROM contact')), /SELECT/);
  });

  it('is not what the log says, and the log quotes nobody', () => {
    assert.equal(
      logText(new ApiError('server', { status: 502, method: 'GET', pathTemplate: '/contacts' })),
      'server GET /contacts 502',
    );
    assert.doesNotMatch(logText(new Error('ana@x.example is wrong')), /ana@/);
  });
});

describe('the panel’s view of a contact', () => {
  it('shows what is set, with hidden characters made visible', () => {
    const contact = {
      id: 'con_1',
      display_name: 'A\u202eB',
      email: 'a@x.example',
      labels: ['\u200bvip'],
      additional_params: {},
      other: {},
    };
    const view = contactView(contact, undefined);
    assert.equal(view.name, 'A⟨202E⟩B');
    assert.deepEqual(view.labels, ['⟨200B⟩vip']);
    assert.deepEqual(
      view.fields.map((field) => field.name),
      ['display_name', 'email', 'id'],
    );
  });
});

describe('a draft that is found again', () => {
  const contact = { id: 'con_1', company_name: 'New Ltd', labels: [], additional_params: {}, other: {} };
  const formOf = (fields: Record<string, { from: string; to: string }>): ContactForm =>
    new ContactForm(contact, { fields, comment: '' }, () => undefined);

  it('is no change where it has been saved since', () => {
    const form = formOf({
      company_name: { from: 'Old Ltd', to: 'New Ltd' },
      remark: { from: '', to: 'Calls at noon' },
    });
    assert.deepEqual(form.draftFields, { remark: { from: '', to: 'Calls at noon' } });
    assert.equal(formOf({ company_name: { from: 'Old Ltd', to: 'New Ltd' } }).isDirty, false);
  });
});

describe('what is typed of a new contact', () => {
  it('is a name, an address, a number, or a name with an address', () => {
    for (const [text, fields] of [
      ['  An   Nguyen ', { display_name: 'An Nguyen' }],
      ['Fletcher, James', { display_name: 'James Fletcher' }],
      ['a@x.example', { display_name: 'a@x.example', email: 'a@x.example' }],
      ['+84 91 200 03 45', { display_name: '+84912000345', phone_number: '+84912000345' }],
      ['0912 000 345', { display_name: '0912 000 345', phone_number: '0912 000 345' }],
      ['"Fletcher, James" <j@x.example>', { display_name: 'James Fletcher', email: 'j@x.example' }],
      ['<j@x.example>', { display_name: 'j@x.example', email: 'j@x.example' }],
      ['Smith, Jones, and Co', { display_name: 'Smith, Jones, and Co' }],
      ['王伟', { display_name: '王伟' }],
    ] as const) {
      assert.deepEqual(fieldsIn(text), fields, text);
    }
  });
});

describe('a number without a country', () => {
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('contactLookup');
  const inCountry = (country: string | undefined): Thenable<void> =>
    configuration().update('phone.country', country, vscode.ConfigurationTarget.Global);
  afterEach(() => inCountry(undefined));

  it('is kept as it is typed, or with the code of the country in the settings', async () => {
    assert.equal(await typedField('phone_number', ' 0912 000 345 '), '0912 000 345');
    for (const [country, typed, kept] of [
      ['VN', '0912 000 345', '+84912000345'],
      ['vn', '(0912) 000-345', '+84912000345'],
      ['US', '(212) 555-0123', '+12125550123'],
      ['CN', '138 1234 5678', '+8613812345678'],
      // Of another country, an extension, and what is no country.
      ['VN', '+1 212 555 0123', '+12125550123'],
      ['VN', '1234', '1234'],
      ['DE', '1234', '1234'],
      ['CN', '6552 9988', '6552 9988'],
      // The same code.
      ['US', '(416) 555-0123', '+14165550123'],
      ['CA', '(800) 555-0199', '+18005550199'],
      ['XX', '0912 000 345', '0912 000 345'],
    ] as const) {
      await inCountry(country);
      assert.equal(await typedField('phone_number', typed), kept, `${country} ${typed}`);
    }
    await inCountry('VN');
    assert.deepEqual(await validate('phone_number', '0912 000 345'), { hint: '+84912000345' });
    assert.equal(await typedField('remark', '0912 000 345'), '0912 000 345');
    // Its country stands beside it.
    assert.equal(await typedField('phone_number', '88888889', '852'), '88888889');
    assert.deepEqual(await validate('phone_number', '88888889', '852'), {});
    await configuration().update('phone.country', 84, vscode.ConfigurationTarget.Global);
    assert.equal(await typedField('phone_number', '0912 000 345'), '0912 000 345');
  });
});

describe('the values of a contact', () => {
  const shown = (fields: Partial<Contact>): string[] => {
    const contact: Contact = { id: 'con_1', labels: [], additional_params: {}, other: {}, ...fields };
    return contactView(contact, undefined).fields.map(({ value }) => value);
  };

  it('are in words where a server keeps a code', () => {
    assert.deepEqual(shown({ gender: 'Female', language: 'vi' }), ['Female', 'Vietnamese', 'con_1']);
    assert.deepEqual(shown({ gender: 'female', language: 'zh-TW' }), ['Female', 'Chinese (Taiwan)', 'con_1']);
  });

  it('are as they were written where that is no code', () => {
    for (const text of ['constructor', 'NULL', 'vi_VN', 'qq', 'Tiếng Việt']) {
      assert.deepEqual(shown({ gender: text, language: text }), [text, text, 'con_1']);
    }
  });
});
