import { channelTypes, conversationStatuses, notificationTypes, type ChannelType } from '../../contract/vocabulary.ts';
import type { Author } from '../../contract/history.ts';
import { mediaReference } from '../mediaReference.ts';
import type {
  ContactDraft,
  StoredActivity,
  StoredComment,
  StoredConversation,
  StoredFile,
  StoredMessage,
  StoredNotification,
} from '../store/records.ts';
import type { WorkspaceStore, WorkspaceTransaction } from '../store/workspaceStore.ts';
import { makeDialogue } from './dialogues.ts';
import { makeFiles, type SampleFile } from './documents.ts';
import { makePerson } from './people.ts';
import { colleagues, comments, contactLabels, messages, notificationTitles, summaries, teams } from './phrases.ts';
import { drawAvatar } from './pictures.ts';
import { Random } from './random.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const avatarCount = 48;
const notificationCount = 40;
/** As many contacts have a history, and a few of the others. */
const busyContacts = 5_000;
const longDialogue = 240;
const contactsAtOnce = 1_000;
const channelIdField: Partial<
  Record<ChannelType, 'whatsapp_id' | 'facebook_id' | 'instagram_id' | 'wechat_id' | 'line_id'>
> = {
  whatsapp: 'whatsapp_id',
  facebook: 'facebook_id',
  instagram: 'instagram_id',
  wechat: 'wechat_id',
  line: 'line_id',
};

/**
 * Fills the store with `count` made-up contacts and what happened with them. The same count on the same day
 * makes the same workspace. A store is seeded once, whoever asks again.
 * @param today the newest day in the sample; its history reaches two years back.
 * @param variation another number is another workspace.
 */
export async function seedWorkspace(store: WorkspaceStore, count: number, today: Date, variation = 0): Promise<void> {
  if (count === 0 || (await store.isClaimed(seeded))) return;
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  const seeder = new Seeder(store.organizationId, midnight, 20_260_501 + variation);
  const media = seeder.makeMedia();
  for (const { key, content } of media) await store.media.keep(content, key);
  // All or nothing, whenever the process ends; and one of two processes that start at once finds it done.
  await store.transaction(async (tx) => {
    if (!(await tx.claim(seeded)) || (await tx.contacts.count()) > 0) return;
    for (const { key, contentType, name, content } of media) {
      await tx.media.add({ key, content_type: contentType, file_name: name, bytes: content.length });
    }
    for (let index = 0; index < count; index += contactsAtOnce) {
      await addSample(tx, seeder.makeContacts(index, Math.min(index + contactsAtOnce, count)));
    }
    for (const notification of seeder.makeNotifications(await tx.history.newestConversations(notificationCount))) {
      await tx.notifications.insert(notification);
    }
  });
}

const seeded = 'seeded';

/** Contacts and what happened with them. */
interface Sample {
  contacts: ContactDraft[];
  conversations: StoredConversation[];
  messages: StoredMessage[];
  activities: StoredActivity[];
  comments: StoredComment[];
  files: StoredFile[];
}

async function addSample({ contacts, history }: WorkspaceTransaction, sample: Sample): Promise<void> {
  await contacts.bulkInsert(sample.contacts);
  for (const conversation of sample.conversations) await history.insertConversation(conversation);
  for (const message of sample.messages) await history.insertMessage(message);
  for (const activity of sample.activities) await history.insertActivity(activity);
  for (const comment of sample.comments) await history.insertComment(comment);
  for (const file of sample.files) await history.insertFile(file);
}

class Seeder {
  private readonly organizationId: string;
  private readonly now: number;
  private readonly random: Random;
  private readonly dialogueRandom: Random;
  private readonly colleagues: Author[];
  private avatars: string[] = [];
  private files: SampleFile[] = [];
  private sample = noSample();

  constructor(organizationId: string, now: number, seed: number) {
    this.random = new Random(seed);
    this.dialogueRandom = new Random(seed + 1);
    this.organizationId = organizationId;
    this.now = now;
    this.colleagues = colleagues.map((display_name) => ({ _id: `u_${this.random.uuid()}`, display_name }));
  }

  /** What the sample contacts share. It takes a while, and is therefore made before the transaction. */
  makeMedia(): SampleFile[] {
    this.files = makeFiles(this.random);
    const avatars = Array.from({ length: avatarCount }, () => ({
      key: this.random.hex(64),
      name: 'avatar.png',
      extension: 'png',
      contentType: 'image/png',
      content: drawAvatar(this.random),
    }));
    this.avatars = avatars.map(({ key }) => mediaReference(key));
    return [...this.files, ...avatars];
  }

  makeContacts(start: number, end: number): Sample {
    this.sample = noSample();
    for (let index = start; index < end; index++) this.addContact(index);
    return this.sample;
  }

  /** The newest contact is the first, and every channel and status is met within the first eight. */
  private addContact(index: number): void {
    const { random } = this;
    const person = makePerson(random, index);
    const channel = channelTypes[index % channelTypes.length] ?? 'web';
    const createdAt =
      this.now - index * random.between(1, 20) * minuteMs - random.between(0, 500) * dayMs * (index / (index + 50));
    const field = channelIdField[channel];
    const contactId = `con_${random.uuid()}`;
    this.sample.contacts.push({
      ...person,
      id: contactId,
      organization_id: this.organizationId,
      channel_type: channel,
      channel_id: `ch_${channel}`,
      ...(field === undefined ? {} : { [field]: random.hex(12) }),
      avatar_url: random.chance(0.7) ? random.pick(this.avatars) : '',
      labels: contactLabels.filter(() => random.chance(0.12)),
      remark: random.chance(0.2) ? random.pick(comments) : '',
      created_at: iso(createdAt),
      updated_at: random.chance(0.4) ? iso(this.momentSince(createdAt)) : '',
      last_seen: random.chance(0.8) ? iso(this.momentSince(createdAt)) : '',
      is_sample: true,
    });
    // As in life, with most of very many contacts nothing has happened lately.
    if (index >= busyContacts && !random.chance(0.05)) return;
    this.addConversations(contactId, index, channel, person.language, person.display_name);
    this.addComments(contactId, index, channel);
    this.addFiles(contactId, index);
  }

  private addConversations(
    contactId: string,
    index: number,
    firstChannel: ChannelType,
    language: string,
    name: string,
  ): void {
    const { random } = this;
    const said = messages[language] ?? messages['en'] ?? [];
    const conversationCount = index < 8 ? random.between(1, 4) : random.between(0, 2);
    for (let n = 0; n < conversationCount; n++) {
      const channel_type = n === 0 ? firstChannel : random.pick(channelTypes);
      const id = `conv_${random.uuid()}`;
      const timestamp = iso(this.momentInTwoYears());
      const agent = random.pick(this.colleagues);
      const conversation: StoredConversation = {
        id,
        public_id: `tcu_${random.uuid()}`,
        contact_id: contactId,
        channel_type,
        status:
          n === 0
            ? (conversationStatuses[index % conversationStatuses.length] ?? 'active')
            : random.pick(conversationStatuses),
        name,
        timestamp,
        users: [{ id: agent._id, display_name: agent.display_name, avatar_url: '' }],
        teams: [{ _id: `t_${channel_type}`, name: random.pick(teams), mode: 'public' }],
        latest_message: { type: 'text', content: { text: random.pick(said) }, created_at: timestamp },
      };
      this.sample.conversations.push(conversation);
      const contact = { _id: contactId, display_name: name };
      const length = this.dialogueLength(index, n);
      const dialogue = { conversation, contact, colleague: agent, language, length, files: this.files };
      this.sample.messages.push(...makeDialogue(this.dialogueRandom, dialogue));
      this.addActivities(id, index);
    }
  }

  /** The first of all is long, so that there is something to scroll; with most of very many it is one message. */
  private dialogueLength(index: number, n: number): number {
    if (index === 0 && n === 0) return longDialogue;
    return index < busyContacts ? this.dialogueRandom.between(2, 12) : 1;
  }

  private addActivities(conversationId: string, index: number): void {
    const { random } = this;
    const activityCount = index < 50 ? random.between(1, 6) : random.between(0, 2);
    for (let n = 0; n < activityCount; n++) {
      const summary = random.pick(summaries);
      const created_at = iso(this.momentInTwoYears());
      this.sample.activities.push({
        id: `act_${random.uuid()}`,
        conversation_id: conversationId,
        user: random.pick(this.colleagues),
        type: 'summary',
        summary: summary.text,
        sentiment: summary.sentiment,
        importance: summary.importance,
        created_at,
        updated_at: created_at,
      });
    }
  }

  /** From 0 to 40; most contacts have few, as in life. */
  private addComments(contactId: string, index: number, channel_type: string): void {
    const { random } = this;
    const commentCount = index % 100 === 1 ? 40 : random.chance(0.6) ? 0 : random.between(1, index < 200 ? 12 : 2);
    for (let n = 0; n < commentCount; n++) {
      const created_at = iso(this.momentInTwoYears());
      this.sample.comments.push({
        id: `cmt_${random.uuid()}`,
        contact_id: contactId,
        text: random.pick(comments),
        author: random.pick(this.colleagues),
        channel_type,
        labels: random.chance(0.15) ? [{ name: 'follow-up', color: '#3794ff' }] : [],
        created_at,
        updated_at: created_at,
      });
    }
  }

  private addFiles(contactId: string, index: number): void {
    const { random } = this;
    const fileCount = index < 20 ? random.between(1, 6) : random.chance(0.8) ? 0 : random.between(1, 3);
    for (let n = 0; n < fileCount; n++) {
      const file = random.pick(this.files);
      const created_at = iso(this.momentInTwoYears());
      this.sample.files.push({
        id: `msg_${random.uuid()}`,
        contact_id: contactId,
        author: random.pick(this.colleagues),
        caption: file.name,
        url: mediaReference(file.key),
        extension: file.extension,
        created_at,
        updated_at: created_at,
      });
    }
  }

  /** @param conversations those that they may be about. */
  makeNotifications(
    conversations: readonly Pick<StoredConversation, 'public_id' | 'channel_type'>[],
  ): StoredNotification[] {
    const { random } = this;
    return Array.from({ length: notificationCount }, (_, index) => {
      const type = notificationTypes[index % notificationTypes.length] ?? 201;
      const sender = random.pick(this.colleagues);
      const conversation = conversations[index % Math.max(1, conversations.length)];
      return {
        id: `not_${random.uuid()}`,
        title: notificationTitles[type],
        content: type < 300 ? random.pick(messages['en'] ?? []) : `${sender.display_name} · ${random.pick(teams)}`,
        sender,
        type,
        action_to: this.actionTarget(type, conversation?.public_id),
        recipient: 'u_local',
        is_read: index >= 12 && random.chance(0.7),
        action_disable: false,
        channel_type: type < 300 && type > 200 ? (conversation?.channel_type ?? random.pick(channelTypes)) : '',
        created_at: iso(this.now - index * random.between(20, 400) * minuteMs),
      };
    });
  }

  /** @param conversation one that is there, for what is about a conversation. */
  private actionTarget(type: number, conversation: string | undefined): Record<string, string> {
    const { random } = this;
    const [one, other] = [random.uuid(), random.uuid()];
    if (type === 101) return { board_id: `brd_${one}`, board_item_id: `bi_${other}` };
    if (type === 202) return { team_own_conversation_id: conversation ?? `tcu_${one}` };
    if (type < 300) return { team_conversation_user_id: conversation ?? `tcu_${one}` };
    return { team_id: `t_${one}`, team_user_id: `tu_${other}` };
  }

  private momentInTwoYears(): number {
    return this.now - Math.floor(this.random.next() ** 2 * 730 * dayMs);
  }

  private momentSince(start: number): number {
    return start + Math.floor(this.random.next() * Math.max(0, this.now - start));
  }
}

const noSample = (): Sample => ({
  contacts: [],
  conversations: [],
  messages: [],
  activities: [],
  comments: [],
  files: [],
});

const iso = (time: number): string => new Date(time).toISOString();
