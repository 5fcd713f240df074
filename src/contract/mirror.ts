/** What a mirror of another server's contacts is told and asked (docs/contract.md, section 9). */
import * as v from 'valibot';
import { requestBody } from './request.ts';
import { contactTextFields } from './vocabulary.ts';

/** A file that says in a mirror's folder that it is to be removed: the servers of all windows leave it. */
export const removalMark = 'removed';

const count = v.pipe(v.number('must be a number'), v.integer('must be whole'), v.minValue(0, 'must not be negative'));
const text = v.string('must be text');

/** How far a mirror has come. Moments are as the other server writes them; `''` for none. */
export const mirrorProgress = v.object({
  /** Rows of the other server's list, newest first, that are here from its start. */
  filled: count,
  /** Everybody is here; what follows are small steps. */
  isWhole: v.boolean(),
  /** How many the other server has, where it says so. */
  total: v.nullable(count),
  /** Who was created, or changed, up to then has been taken in. */
  createdUpTo: text,
  updatedUpTo: text,
  /** When the other server was last looked at for what is new, by this machine's clock. */
  asOf: text,
  /** By how many the other server's count differs from what a whole sweep has found; it may count others. */
  knownGap: v.pipe(v.number('must be a number'), v.integer('must be whole')),
  /** Goes through everybody for those who are gone: which one it is, and how far it has come. */
  sweep: v.object({ number: count, position: count, isUnderWay: v.boolean() }),
});
export type MirrorProgress = v.InferOutput<typeof mirrorProgress>;

export const emptyProgress: MirrorProgress = {
  filled: 0,
  isWhole: false,
  total: null,
  createdUpTo: '',
  updatedUpTo: '',
  asOf: '',
  knownGap: 0,
  sweep: { number: 0, position: 0, isUnderWay: false },
};

/** A contact as it is to be kept: whole, whatever its texts are. */
const mirroredContact = v.object({
  id: v.pipe(text, v.minLength(1, 'must be an id')),
  ...v.entriesFromList(contactTextFields, v.optional(text, '')),
  labels: v.optional(v.array(text), []),
  additional_params: v.optional(v.record(text, v.unknown()), {}),
});
export type MirroredContact = v.InferInput<typeof mirroredContact>;

/** What is taken in at once, all of it or nothing. */
export const mirrorRequest = requestBody({
  /** In the order of the list that they are of. */
  contacts: v.optional(v.array(mirroredContact), []),
  /** Those of `contacts` who are new are older than all that are here, as they are while it fills newest first. */
  isOlder: v.optional(v.boolean(), false),
  /** They were read from a list: who was removed here lately may have been in it still, and stays removed. */
  isListed: v.optional(v.boolean(), false),
  removed: v.optional(v.array(text), []),
  /** What of it is another now. Rows that were counted once stay counted. */
  progress: v.optional(v.partial(mirrorProgress)),
});
export type MirrorRequest = v.InferInput<typeof mirrorRequest>;

/** Whether anything became different, and so what a list would show. */
export const mirrorAnswer = v.object({ changed: count, revision: count });
export type MirrorAnswer = v.InferOutput<typeof mirrorAnswer>;

export const mirrorState = v.object({
  progress: mirrorProgress,
  contacts: count,
  /** Another number after every change of a contact, whichever window made it. */
  revision: count,
});
export type MirrorState = v.InferOutput<typeof mirrorState>;

/** Of several windows one keeps step: who has had no lease, or an old one, asks for it. */
export const leaseRequest = requestBody({
  holder: v.pipe(v.optional(text, ''), v.minLength(1, 'must be a name')),
  seconds: v.pipe(
    v.optional(v.number('must be a number'), 30),
    v.minValue(0, 'must not be negative'),
    v.maxValue(600, 'is too long'),
  ),
});
export const leaseAnswer = v.object({ isHeld: v.boolean() });

/** Those whom the sweep under way has not met. */
export const unseenAnswer = v.object({ ids: v.array(text) });

/** An answer of the other server: JSON, with when it was given by this machine's clock. */
const keptValue = { value: v.unknown(), kept_at: text };
export const keepRequest = requestBody({
  /** `''` for what is about none. */
  contact_id: v.optional(text, ''),
  name: v.pipe(v.optional(text, ''), v.minLength(1, 'must be a name')),
  value: v.unknown(),
});
export interface KeptAnswer {
  contact_id: string;
  name: string;
  value?: unknown;
  kept_at: string;
}

/** Nothing where nothing is kept. */
export const keptAnswer = v.object({ kept: v.nullable(v.object(keptValue)) });
