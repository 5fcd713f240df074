import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** 64 MiB of memory and some 100 ms for each guess. */
const cost = { N: 65_536, r: 8, p: 1 };
const keyBytes = 32;
const optionsOf = ({ N, r, p }: typeof cost): ScryptOptions => ({ N, r, p, maxmem: 256 * N * r });

/** A password as it is kept: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.normalize('NFKC'), salt, keyBytes, optionsOf(cost));
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether `password` is the one that was hashed. Takes as long where there is none. */
export async function isPasswordOf(hash: string | undefined, password: string): Promise<boolean> {
  const [kind, N, r, p, salt = '', key = ''] = (hash ?? '').split('$');
  const isKnown = kind === 'scrypt';
  const options = optionsOf(isKnown ? { N: Number(N), r: Number(r), p: Number(p) } : cost);
  const derived = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), keyBytes, options);
  const expected = Buffer.from(key, 'base64url');
  return isKnown && expected.length === derived.length && timingSafeEqual(expected, derived);
}
