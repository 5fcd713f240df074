/**
 * The schema, one step a version; `user_version` counts the steps taken. A released step is never edited.
 *
 * Text that is not set is `''`, never NULL, so that sorting and paging need no special case.
 * A media reference is `media:<key>`; the address is made when it is sent, because the port changes.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE contact (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL DEFAULT '',
    business_unit_id TEXT NOT NULL DEFAULT '',
    channel_id TEXT NOT NULL DEFAULT '',
    channel_type TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    avatar_url TEXT NOT NULL DEFAULT '',
    gender TEXT NOT NULL DEFAULT '',
    area_code TEXT NOT NULL DEFAULT '',
    phone_number TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    remark TEXT NOT NULL DEFAULT '',
    time_zone TEXT NOT NULL DEFAULT '',
    last_seen TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL DEFAULT '',
    birthday TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    company_name TEXT NOT NULL DEFAULT '',
    position TEXT NOT NULL DEFAULT '',
    whatsapp_id TEXT NOT NULL DEFAULT '',
    facebook_id TEXT NOT NULL DEFAULT '',
    messenger_id TEXT NOT NULL DEFAULT '',
    wechat_id TEXT NOT NULL DEFAULT '',
    line_id TEXT NOT NULL DEFAULT '',
    instagram_id TEXT NOT NULL DEFAULT '',
    labels TEXT NOT NULL DEFAULT '[]',
    additional_params TEXT NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1,
    is_sample INTEGER NOT NULL DEFAULT 0,
    search_text TEXT NOT NULL DEFAULT '',
    search_digits TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX contact_by_created ON contact (created_at, seq);
  CREATE INDEX contact_by_updated ON contact (updated_at, seq);
  CREATE INDEX contact_by_name ON contact (display_name, seq);
  CREATE INDEX contact_by_email ON contact (email COLLATE NOCASE) WHERE email <> '';

  CREATE TABLE conversation (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    public_id TEXT NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    channel_type TEXT NOT NULL,
    status TEXT NOT NULL,
    name TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    users TEXT NOT NULL DEFAULT '[]',
    teams TEXT NOT NULL DEFAULT '[]',
    latest_message TEXT NOT NULL DEFAULT 'null'
  ) STRICT;
  CREATE INDEX conversation_by_contact ON conversation (contact_id, timestamp);

  CREATE TABLE comment (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    author TEXT NOT NULL DEFAULT 'null',
    channel_type TEXT NOT NULL DEFAULT '',
    labels TEXT NOT NULL DEFAULT '[]',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX comment_by_contact ON comment (contact_id, created_at, seq);

  CREATE TABLE file (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    author TEXT NOT NULL DEFAULT 'null',
    caption TEXT NOT NULL,
    url TEXT NOT NULL,
    extension TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX file_by_contact ON file (contact_id, created_at);

  CREATE TABLE activity (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    user TEXT NOT NULL DEFAULT 'null',
    type TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL,
    sentiment TEXT NOT NULL,
    importance TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX activity_by_conversation ON activity (conversation_id, created_at);

  CREATE TABLE notification (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    sender TEXT NOT NULL DEFAULT 'null',
    type INTEGER NOT NULL,
    action_to TEXT NOT NULL DEFAULT '{}',
    recipient TEXT NOT NULL DEFAULT '',
    is_read INTEGER NOT NULL DEFAULT 0,
    action_disable INTEGER NOT NULL DEFAULT 0,
    channel_type TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notification_by_created ON notification (created_at, seq);

  CREATE TABLE media (
    key TEXT PRIMARY KEY,
    content_type TEXT NOT NULL,
    file_name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  'CREATE INDEX conversation_by_public_id ON conversation (public_id);',
  `
  ALTER TABLE contact DROP COLUMN search_text;
  ALTER TABLE contact DROP COLUMN search_digits;
  CREATE TABLE search_entry (
    change_seq INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_seq INTEGER NOT NULL UNIQUE,
    text TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE search_trigram USING fts5 (
    text, content = 'search_entry', content_rowid = 'change_seq',
    tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0
  );
  CREATE VIRTUAL TABLE search_term USING fts5vocab (search_trigram, row);
  `,
  'CREATE INDEX contact_by_last_seen ON contact (last_seen, seq);',
  `
  CREATE TABLE import_run (
    id TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    options TEXT NOT NULL,
    started_at TEXT NOT NULL,
    state TEXT NOT NULL,
    fault TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE import_contact (
    run_id TEXT NOT NULL REFERENCES import_run (id) ON DELETE CASCADE,
    contact_id TEXT NOT NULL,
    before TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (run_id, contact_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE import_problem (
    run_id TEXT NOT NULL REFERENCES import_run (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX contact_by_phone ON contact (substr(replace(replace(replace(replace(replace(replace(replace(replace(
    phone_number, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '+', ''), '/', ''), char(160), ''), -9))
    WHERE phone_number <> '';
  `,
  `
  ALTER TABLE import_run ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE import_run ADD COLUMN bytes_read INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE setting ADD COLUMN checksum INTEGER;
  ALTER TABLE contact ADD COLUMN checksum INTEGER;
  ALTER TABLE conversation ADD COLUMN checksum INTEGER;
  ALTER TABLE comment ADD COLUMN checksum INTEGER;
  ALTER TABLE file ADD COLUMN checksum INTEGER;
  ALTER TABLE activity ADD COLUMN checksum INTEGER;
  ALTER TABLE notification ADD COLUMN checksum INTEGER;
  ALTER TABLE media ADD COLUMN checksum INTEGER;
  ALTER TABLE media ADD COLUMN content_checksum INTEGER;
  `,
  `
  ALTER TABLE import_run ADD COLUMN checksum INTEGER;
  ALTER TABLE import_contact ADD COLUMN checksum INTEGER;
  ALTER TABLE import_problem ADD COLUMN checksum INTEGER;
  -- An earlier server that is still running writes these rows without their checksum, which is then not theirs.
  CREATE TRIGGER import_run_unchecked AFTER UPDATE ON import_run
    WHEN NEW.checksum IS OLD.checksum AND NEW.checksum IS NOT NULL
    BEGIN UPDATE import_run SET checksum = NULL WHERE id = NEW.id; END;
  CREATE TRIGGER import_contact_unchecked AFTER UPDATE ON import_contact
    WHEN NEW.checksum IS OLD.checksum AND NEW.checksum IS NOT NULL
    BEGIN
      UPDATE import_contact SET checksum = NULL WHERE run_id = NEW.run_id AND contact_id = NEW.contact_id;
    END;
  CREATE TABLE commit_count (n INTEGER NOT NULL) STRICT;
  INSERT INTO commit_count VALUES (0);
  `,
  `
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    author TEXT NOT NULL,
    type TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    checksum INTEGER
  ) STRICT;
  CREATE INDEX message_by_conversation ON message (conversation_id, created_at, seq);
  `,
  `
  CREATE TABLE merge (
    id TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    gone TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    moved TEXT NOT NULL,
    earlier TEXT NOT NULL,
    checksum INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX merge_by_contact ON merge (contact_id);
  `,
  "ALTER TABLE contact ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';",
  `
  -- Used where the workspace is a mirror. Its own changes are numbered from 1 on; older contacts come below 2^40, and
  -- all that is new above them.
  CREATE TABLE mirror (
    progress TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL DEFAULT 0,
    oldest_place INTEGER NOT NULL DEFAULT 1099511627776,
    holder TEXT NOT NULL DEFAULT '',
    held_until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO mirror DEFAULT VALUES;
  CREATE TABLE mirror_seen (
    contact_seq INTEGER PRIMARY KEY REFERENCES contact (seq) ON DELETE CASCADE,
    sweep INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE INDEX contact_by_group ON contact (channel_type, labels, created_at);
  -- How many contacts have a channel and a set of labels. Triggers, so that an earlier server that is still running
  -- counts too.
  CREATE TABLE contact_group (
    channel_type TEXT NOT NULL,
    labels TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (channel_type, labels)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO contact_group SELECT channel_type, labels, count(*) FROM contact GROUP BY channel_type, labels;
  CREATE TRIGGER contact_added AFTER INSERT ON contact
    BEGIN
      INSERT INTO contact_group VALUES (NEW.channel_type, NEW.labels, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
    END;
  CREATE TRIGGER contact_removed AFTER DELETE ON contact
    BEGIN
      UPDATE contact_group SET n = n - 1 WHERE channel_type = OLD.channel_type AND labels = OLD.labels;
      DELETE FROM contact_group WHERE channel_type = OLD.channel_type AND labels = OLD.labels AND n = 0;
    END;
  CREATE TRIGGER contact_regrouped AFTER UPDATE OF channel_type, labels ON contact
    WHEN NEW.channel_type <> OLD.channel_type OR NEW.labels <> OLD.labels
    BEGIN
      UPDATE contact_group SET n = n - 1 WHERE channel_type = OLD.channel_type AND labels = OLD.labels;
      DELETE FROM contact_group WHERE channel_type = OLD.channel_type AND labels = OLD.labels AND n = 0;
      INSERT INTO contact_group VALUES (NEW.channel_type, NEW.labels, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
    END;
  `,
  `
  -- What the other server said last about contacts that were opened, or about none.
  CREATE TABLE mirror_answer (
    contact_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (contact_id, name)
  ) STRICT;
  CREATE INDEX mirror_answer_by_time ON mirror_answer (kept_at, contact_id);
  `,
  `
  -- Who was removed from a mirror lately, by this machine's clock in milliseconds: a list that was read before, in
  -- whichever window, has them still.
  CREATE TABLE mirror_removed (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Numbers as telephones and documents give them out: with dashes and spaces of other kinds, and marks of direction.
  DROP INDEX contact_by_phone;
  CREATE INDEX contact_by_phone ON contact (substr(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    phone_number, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '+', ''), '/', ''), char(160), ''),
    char(9), ''), char(8199), ''), char(8201), ''), char(8203), ''), char(8206), ''), char(8207), ''),
    char(8208), ''), char(8209), ''), char(8210), ''), char(8211), ''), char(8212), ''), char(8234), ''),
    char(8235), ''), char(8236), ''), char(8237), ''), char(8239), ''), char(8288), ''), char(8294), ''),
    char(8295), ''), char(8296), ''), char(8297), ''), char(8722), ''), char(12288), ''), char(65279), ''),
    char(65288), ''), char(65289), ''), char(65291), ''), char(65293), ''), -9))
    WHERE phone_number <> '';
  `,
];
