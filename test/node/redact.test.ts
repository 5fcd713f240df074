import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { redacted } from '../../src/platform/redact.ts';

const token = (): string => randomBytes(32).toString('base64url');

describe('the log', () => {
  it('holds no token, e-mail, phone number or id', () => {
    for (const secret of [
      `api_${token()}`,
      `acc_${token()}`,
      `login_acc_${token()}`,
      'eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl',
      'Bearer something-short',
      token(),
      randomBytes(32).toString('hex'),
      'ana.lopez+crm@mail.example.com',
      'đặng@thư.example',
      '+84 28 5555 0199',
      '+442079460646',
      '(020) 7946-0360',
      '0900.000.001',
      `con_${randomUUID()}`,
      `org_${randomUUID()}`,
      `conv_${randomUUID()}`,
      randomUUID(),
    ]) {
      for (const line of [secret, `failed for ${secret}`, `GET /contacts/${secret}/files`, `{"a":"${secret}"}`]) {
        assert.ok(!redacted(line).includes(secret), redacted(line));
      }
    }
  });

  it('keeps what the reader of a log needs', () => {
    for (const line of [
      'GET /contacts/{id} 200 12 ms attempt 2 request req-12.ab:3',
      'PUT /notifications/read 504 30012 ms',
      'local workspace: server ready, process 123456',
      'local workspace: fault: ERR_INVALID_ARG_TYPE at Object.run (/opt/contact-lookup/dist/server.js:12:345)',
      'GET /contacts network 10003 ms',
      'list[3].phone_number: not text',
    ]) {
      assert.equal(redacted(line), line);
    }
  });

  it('has one line for one entry, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        // oxlint-disable-next-line no-control-regex -- these are what is looked for
        assert.doesNotMatch(redacted(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it('holds no token among any other text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
        const secret = `acc_${token()}`;
        assert.ok(!redacted(`${before} ${secret} ${after}`).includes(secret));
      }),
    );
  });
});
