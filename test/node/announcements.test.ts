import assert from 'node:assert/strict';
import type { CommentView, Sections } from '../../src/protocol/contactViews.ts';
import type { PageStrings } from '../../src/protocol/pageStrings.ts';
import { announcements, awaited } from '../../src/webview/announcements.ts';
import { initialState, type PageState, type ReadConversation } from '../../src/webview/pageState.ts';

/** Each text is its own key. */
const strings = new Proxy({}, { get: (_none, key) => nested(String(key)) }) as unknown as PageStrings;
const nested = (name: string): unknown => {
  if (name === 'empty') return new Proxy({}, { get: (_none, key) => `empty.${String(key)}` });
  if (name !== 'shown') return name;
  return new Proxy({}, { get: (_none, key) => ({ one: `one of ${String(key)}`, many: `{0} of ${String(key)}` }) });
};

describe('what a screen reader is told of the page', () => {
  const at = (change: Partial<PageState>): PageState => ({
    ...initialState('comments', false, false),
    words: { strings, locale: 'en' },
    ...change,
  });
  const comment = (id: string, text = 'text'): CommentView => ({
    id,
    channel: '',
    author: '',
    text: [{ kind: 'paragraph', depth: 0, isQuoted: false, marker: text, runs: [] }],
    labels: [],
    at: '',
    canEdit: false,
  });
  const { sections: loading } = initialState('comments', false, false);
  const comments = (items: CommentView[], stale = ''): Sections => ({
    ...loading,
    comments: {
      status: 'ready',
      items,
      hasMore: false,
      ...(stale === '' ? {} : { stale: { asOf: '2026-05-01T00:00:00Z', message: stale } }),
    },
  });
  const empty = { status: 'ready' as const, items: [], hasMore: false };
  const failed = { status: 'failed' as const, message: 'no' };

  it('is how much has loaded in the tab that is shown', () => {
    const loaded = comments([comment('a'), comment('b')]);
    assert.deepEqual(announcements(at({}), at({ sections: loaded })), ['2 of comments']);
    assert.deepEqual(announcements(at({}), at({ sections: comments([]) })), ['empty.comments']);
    // Of one that nobody looks at, nothing.
    assert.deepEqual(announcements(at({ tab: 'files' }), at({ tab: 'files', sections: loaded })), []);
    assert.deepEqual(announcements(at({ sections: loaded }), at({ sections: loaded })), []);
    // A fault is an alert, which says itself.
    assert.deepEqual(announcements(at({}), at({ sections: { ...loading, comments: failed } })), []);
  });

  it('is the timeline once, when all of it is there', () => {
    const parts = { ...comments([comment('a')]), files: empty, activities: failed };
    const tab = 'timeline';
    assert.deepEqual(announcements(at({ tab }), at({ tab, sections: parts })), []);
    const all = { ...parts, conversations: empty };
    assert.deepEqual(announcements(at({ tab, sections: parts }), at({ tab, sections: all })), ['one of timeline']);
  });

  it('is how much of the timeline a filter leaves', () => {
    const tab = 'timeline';
    const sections: Sections = {
      ...comments([comment('a'), comment('b')]),
      files: empty,
      activities: empty,
      conversations: empty,
    };
    const all = at({ tab, sections });
    const { timeline } = all;
    const filtered = (filter: Partial<PageState['timeline']>): PageState => ({
      ...all,
      timeline: { ...timeline, ...filter },
    });
    assert.deepEqual(announcements(all, filtered({ hidden: ['files'] })), ['2 of timeline']);
    assert.deepEqual(announcements(all, filtered({ hidden: ['comments'] })), ['timelineFiltered']);
    assert.deepEqual(announcements(filtered({ hidden: ['comments'] }), all), ['2 of timeline']);
    // Who comes back to a filter that is set is told by the tab's own name.
    assert.deepEqual(announcements({ ...all, tab: 'files' }, filtered({ hidden: ['comments'] })), []);
  });

  it('is of the timeline in a page with room, where who the contact is has no tab', () => {
    const sections: Sections = { ...comments([comment('a')]), files: empty, activities: empty, conversations: empty };
    const begun = at({ tab: 'details', isWide: true });
    assert.equal(awaited(begun), 'timeline');
    assert.deepEqual(announcements(begun, { ...begun, sections }), ['one of timeline']);
  });

  it('is nothing of a filter where all has failed', () => {
    const sections = { conversations: failed, comments: failed, files: failed, activities: failed };
    const all = at({ tab: 'timeline', sections });
    assert.deepEqual(announcements(all, { ...all, timeline: { ...all.timeline, hidden: ['files'] } }), []);
  });

  it('is of what is still on its way, unless it is said why', () => {
    assert.equal(awaited(at({})), 'comments');
    assert.equal(awaited(at({ sections: comments([]) })), undefined);
    assert.equal(awaited(at({ tab: 'timeline', sections: comments([]) })), 'timeline');
    assert.equal(awaited(at({ tab: 'details' })), undefined);
    assert.equal(awaited(at({ notice: { text: 'Offline.', canRetry: true, asOf: '' } })), undefined);
    assert.equal(awaited(at({ sections: { ...loading, comments: failed } })), undefined);
  });

  it('is nothing of a list that is read anew, which the host has said if anything was done', () => {
    const before = at({ sections: comments([comment('a'), comment('b')]) });
    assert.deepEqual(announcements(before, at({ sections: comments([comment('b', 'another')]) })), []);
  });

  it('is that there is nothing newer, once', () => {
    const fresh = at({ sections: comments([comment('a')]) });
    const stale = at({ sections: comments([comment('a')], 'Offline.') });
    assert.deepEqual(announcements(fresh, stale), ['Offline.']);
    assert.deepEqual(announcements(stale, stale), []);
    const notice = { text: 'Offline.', canRetry: true, asOf: '' };
    assert.deepEqual(announcements(fresh, { ...stale, notice }), []);
    assert.deepEqual(announcements({ ...stale, notice }, fresh), []);
  });

  it('is how many messages are there, and how many with the earlier ones', () => {
    const tab = 'conversations';
    const message = { id: 'm', isFromContact: true, author: '', text: '', at: '' };
    const opened = (status: ReadConversation['status'], pages: ReadConversation['pages']): PageState =>
      at({
        tab,
        conversation: { id: 'c', status, message: '', pages, hasOlder: false, olderFault: '', activities: [] },
      });
    const one = opened('ready', [[message]]);
    assert.deepEqual(announcements(opened('loading', []), one), ['one of messages']);
    assert.deepEqual(announcements(one, opened('ready', [[message, message], [message]])), ['3 of messages']);
    assert.deepEqual(announcements(opened('loading', []), opened('ready', [[]])), ['noMessages']);
    assert.deepEqual(announcements(opened('loading', []), opened('failed', [])), []);
  });
});
