/** What the contact server takes where somebody signs in (docs/contract.md, section 2). */
import * as v from 'valibot';
import { requestBody } from './request.ts';

/** The longest there can be (RFC 5321). */
const maxEmailLength = 254;

const present = v.pipe(v.string('is missing'), v.nonEmpty('is missing'));
const email = v.pipe(present, v.maxLength(maxEmailLength, 'is too long'));

export const codeRequest = requestBody({ email });

/** With a one-time code, or with a password. */
export const loginRequest = v.union(
  [
    v.pipe(
      v.object({ email, otp: v.string() }),
      v.transform(({ email: of, otp }) => ({ email: of, code: otp })),
    ),
    v.object({ email, password: present }),
  ],
  'email and password, or email and otp, are needed',
);

export const exchangeRequest = requestBody({ organization_id: present });
