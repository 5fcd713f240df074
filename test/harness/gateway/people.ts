/** The stand-in gateway's contacts: mostly anonymous visitors of a web chat, the rest people with names. */
import { makePerson } from '../../../src/server/seed/people.ts';
import { contactLabels } from '../../../src/server/seed/phrases.ts';
import { Random } from '../../../src/server/seed/random.ts';

/** A contact as the gateway writes it: every field is there, `""` where it is not set. */
export type WireContact = Record<string, unknown> & {
  id: string;
  display_name: string;
  created_at: string;
  channel_type: string;
};

export const organizationId = 'org_5d2f7c1e-0000-4000-8000-000000000001';
const minuteMs = 60_000;
/** Every so many contacts one has a name. */
const namedEvery = 8;
const avatarShare = 0.6;

/** Where visitors come from, by ISO 3166-1 alpha-3; most often the platform does not know. */
const places = [
  { country: 'UNK', weight: 11, timeZone: '', language: 'en' },
  { country: 'TWN', weight: 3, timeZone: 'Asia/Taipei', language: 'zh-TW' },
  { country: 'HKG', weight: 2, timeZone: 'Asia/Hong_Kong', language: 'zh-HK' },
  { country: 'VNM', weight: 2, timeZone: 'Asia/Ho_Chi_Minh', language: 'vi' },
  { country: 'JPN', weight: 1, timeZone: 'Asia/Tokyo', language: 'ja' },
  { country: 'USA', weight: 1, timeZone: 'America/Los_Angeles', language: 'en' },
] as const;
const weightedPlaces = places.flatMap((place) => Array.from({ length: place.weight }, () => place));
const unknownZones = ['Asia/Taipei', 'Asia/Hong_Kong', 'Asia/Singapore', 'Europe/London', 'Asia/Bangkok'] as const;
const visitorChannels = ['web', 'web', 'web', 'web', 'web', 'facebook', 'whatsapp', 'line'] as const;

const unset = {
  object_name: 'contact',
  organization_id: organizationId,
  business_unit_id: 'bu_1f6e',
  first_name: '',
  last_name: '',
  avatar_url: '',
  gender: '',
  area_code: '',
  phone_number: '',
  email: '',
  remark: '',
  title: '',
  birthday: '',
  location: '',
  company_name: '',
  position: '',
  whatsapp_id: '',
  facebook_id: '',
  messenger_id: '',
  wechat_id: '',
  line_id: '',
  instagram_id: '',
  additional_params: {},
};

/** @param avatarUrls addresses of pictures on the second origin. */
export function makeContacts(count: number, now: number, avatarUrls: readonly string[]): WireContact[] {
  const random = new Random(65_681);
  return Array.from({ length: count }, (_, index) => {
    const createdAt = now - index * 20 * minuteMs - random.between(0, 19 * 60) * 1000;
    // Most are seen on the day they come, a few again and again.
    const seen = createdAt + (now - createdAt) * random.next() ** 12;
    const common = {
      ...unset,
      id: `con_${random.uuid()}`,
      created_at: new Date(createdAt).toISOString(),
      updated_at: null,
      last_seen: new Date(seen).toISOString(),
      board_id: '',
      odooContactID: null,
    };
    return index % namedEvery === 3 ? namedContact(random, index, common, avatarUrls) : visitor(random, common);
  });
}

/** One of whom nothing is known yet. */
export const newContact = (id: string, createdAt: string): WireContact => ({
  ...unset,
  id,
  display_name: '',
  created_at: createdAt,
  updated_at: null,
  channel_type: 'web',
});

function visitor(random: Random, common: Omit<WireContact, 'display_name' | 'channel_type'>): WireContact {
  const { country, timeZone, language } = random.pick(weightedPlaces);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const channel = random.pick(visitorChannels);
  return {
    ...common,
    id: String(common['id']),
    created_at: String(common['created_at']),
    display_name: `${country}#${random.pick([...letters])}${random.pick([...letters])}${random.between(1000, 9999)}`,
    channel_type: channel,
    channel_id: `ch_${channel}`,
    time_zone: timeZone === '' ? random.pick(unknownZones) : timeZone,
    language,
  };
}

function namedContact(
  random: Random,
  index: number,
  common: Omit<WireContact, 'display_name' | 'channel_type'>,
  avatarUrls: readonly string[],
): WireContact {
  const person = makePerson(random, index);
  // The gateway keeps the two parts of a number apart, and has no plus sign.
  const [, areaCode = '', number = ''] = /^\+(7|34|44|49|81|82|84|86|966)(\d{7,})$/.exec(person.phone_number) ?? [];
  const channel = random.pick(['whatsapp', 'web', 'email', 'facebook', 'line', 'wechat']);
  return {
    ...common,
    ...person,
    id: String(common['id']),
    created_at: String(common['created_at']),
    gender: { male: 'Male', female: 'Female' }[person.gender] ?? '',
    area_code: areaCode,
    phone_number: number,
    channel_type: channel,
    channel_id: `ch_${channel}`,
    avatar_url: random.chance(avatarShare) ? random.pick(avatarUrls) : '',
    labels: contactLabels.filter(() => random.chance(0.1)).map((name) => ({ name, color: '#3f7cac' })),
  };
}
