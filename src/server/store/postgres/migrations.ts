/**
 * The schema, one step a version. A released step is never edited, and only adds: a server of the version before goes on
 * beside one of this version, and must still find what it knows. Nor does a step take long over a table that is there
 * already, or change two of them: whoever uses one waits for the step.
 *
 * Every table of a workspace begins its key with `organization_id`, and a policy shows a connection the rows of one
 * organization alone, whatever a statement asks. So any of them can be partitioned or distributed by that column.
 *
 * Text that is not set is `''`, never NULL. Texts compare by code point, as they do in SQLite.
 */
export const migrations: readonly string[] = [
  `
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE EXTENSION IF NOT EXISTS btree_gin;

  CREATE TABLE organization (
    organization_id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE workspace (
    organization_id text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    contacts bigint NOT NULL DEFAULT 0,
    last_seq bigint NOT NULL DEFAULT 0,
    last_change bigint NOT NULL DEFAULT 0
  );

  CREATE TABLE contact (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    own_organization_id text COLLATE "C" NOT NULL DEFAULT '',
    business_unit_id text COLLATE "C" NOT NULL DEFAULT '',
    channel_id text COLLATE "C" NOT NULL DEFAULT '',
    channel_type text COLLATE "C" NOT NULL DEFAULT '',
    display_name text COLLATE "C" NOT NULL DEFAULT '',
    first_name text COLLATE "C" NOT NULL DEFAULT '',
    last_name text COLLATE "C" NOT NULL DEFAULT '',
    avatar_url text COLLATE "C" NOT NULL DEFAULT '',
    gender text COLLATE "C" NOT NULL DEFAULT '',
    area_code text COLLATE "C" NOT NULL DEFAULT '',
    phone_number text COLLATE "C" NOT NULL DEFAULT '',
    language text COLLATE "C" NOT NULL DEFAULT '',
    email text COLLATE "C" NOT NULL DEFAULT '',
    remark text COLLATE "C" NOT NULL DEFAULT '',
    time_zone text COLLATE "C" NOT NULL DEFAULT '',
    last_seen text COLLATE "C" NOT NULL DEFAULT '',
    created_at text COLLATE "C" NOT NULL DEFAULT '',
    updated_at text COLLATE "C" NOT NULL DEFAULT '',
    title text COLLATE "C" NOT NULL DEFAULT '',
    birthday text COLLATE "C" NOT NULL DEFAULT '',
    location text COLLATE "C" NOT NULL DEFAULT '',
    company_name text COLLATE "C" NOT NULL DEFAULT '',
    position text COLLATE "C" NOT NULL DEFAULT '',
    whatsapp_id text COLLATE "C" NOT NULL DEFAULT '',
    facebook_id text COLLATE "C" NOT NULL DEFAULT '',
    messenger_id text COLLATE "C" NOT NULL DEFAULT '',
    wechat_id text COLLATE "C" NOT NULL DEFAULT '',
    line_id text COLLATE "C" NOT NULL DEFAULT '',
    instagram_id text COLLATE "C" NOT NULL DEFAULT '',
    labels text COLLATE "C" NOT NULL DEFAULT '[]',
    additional_params text COLLATE "C" NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 1,
    phone_ending text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (organization_id, id)
  );
  CREATE UNIQUE INDEX contact_by_seq ON contact (organization_id, seq);
  CREATE INDEX contact_by_created ON contact (organization_id, created_at, seq);
  CREATE INDEX contact_by_updated ON contact (organization_id, updated_at, seq);
  CREATE INDEX contact_by_name ON contact (organization_id, left(display_name, 200), seq);
  CREATE INDEX contact_by_last_seen ON contact (organization_id, left(last_seen, 200), seq);
  CREATE INDEX contact_by_email ON contact (organization_id, left(lower(email), 200)) WHERE email <> '';
  CREATE INDEX contact_by_phone ON contact (organization_id, phone_ending, seq) WHERE phone_ending <> '';

  -- A search reads the newest change first. A block is a stretch of changes, so that what an index finds at once is
  -- never more than there are in one.
  CREATE TABLE search_entry (
    organization_id text COLLATE "C" NOT NULL,
    change_seq bigint NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    grams integer[] NOT NULL,
    block integer NOT NULL GENERATED ALWAYS AS (change_seq / 32768) STORED,
    PRIMARY KEY (organization_id, change_seq),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact ON DELETE CASCADE
  );
  CREATE UNIQUE INDEX search_entry_by_contact ON search_entry (organization_id, contact_id);
  CREATE INDEX search_entry_by_text ON search_entry USING gin (organization_id, block, text gin_trgm_ops, grams);

  CREATE TABLE conversation (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    public_id text COLLATE "C" NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    channel_type text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    timestamp text COLLATE "C" NOT NULL,
    users text COLLATE "C" NOT NULL,
    teams text COLLATE "C" NOT NULL,
    latest_message text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact ON DELETE CASCADE
  );
  CREATE INDEX conversation_by_contact ON conversation (organization_id, contact_id, timestamp, seq);
  CREATE INDEX conversation_by_public_id ON conversation (organization_id, public_id);
  CREATE INDEX conversation_by_time ON conversation (organization_id, timestamp, seq);

  CREATE TABLE comment (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    author text COLLATE "C" NOT NULL,
    channel_type text COLLATE "C" NOT NULL,
    labels text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact ON DELETE CASCADE
  );
  CREATE INDEX comment_by_contact ON comment (organization_id, contact_id, created_at, seq);

  CREATE TABLE file (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    author text COLLATE "C" NOT NULL,
    caption text COLLATE "C" NOT NULL,
    url text COLLATE "C" NOT NULL,
    extension text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact ON DELETE CASCADE
  );
  CREATE INDEX file_by_contact ON file (organization_id, contact_id, created_at, seq);

  CREATE TABLE activity (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    conversation_id text COLLATE "C" NOT NULL,
    "user" text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    summary text COLLATE "C" NOT NULL,
    sentiment text COLLATE "C" NOT NULL,
    importance text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
  );
  CREATE INDEX activity_by_conversation ON activity (organization_id, conversation_id, created_at, seq);

  CREATE TABLE notification (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    title text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    sender text COLLATE "C" NOT NULL,
    type integer NOT NULL,
    action_to text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,
    is_read boolean NOT NULL,
    action_disable boolean NOT NULL,
    channel_type text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id)
  );
  CREATE INDEX notification_by_created ON notification (organization_id, created_at, seq);

  CREATE TABLE media (
    organization_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    content_type text COLLATE "C" NOT NULL,
    file_name text COLLATE "C" NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (organization_id, key)
  );
  CREATE TABLE media_content (
    organization_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    content bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, key)
  );
  -- Pictures are compressed already.
  ALTER TABLE media_content ALTER COLUMN content SET STORAGE EXTERNAL;

  CREATE TABLE import_run (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    file text COLLATE "C" NOT NULL,
    options text COLLATE "C" NOT NULL,
    started_at text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    fault text COLLATE "C" NOT NULL DEFAULT '',
    position bigint NOT NULL DEFAULT 0,
    added bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    bytes_read bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id)
  );
  CREATE TABLE import_contact (
    organization_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    before text COLLATE "C",
    version integer NOT NULL,
    PRIMARY KEY (organization_id, run_id, contact_id),
    FOREIGN KEY (organization_id, run_id) REFERENCES import_run ON DELETE CASCADE
  );
  CREATE TABLE import_problem (
    organization_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    line bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, run_id, line),
    FOREIGN KEY (organization_id, run_id) REFERENCES import_run ON DELETE CASCADE
  );

  CREATE TABLE claim (
    organization_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, name)
  );

  DO $$
  DECLARE of_workspace text;
  BEGIN
    FOREACH of_workspace IN ARRAY ARRAY['workspace', 'contact', 'search_entry', 'conversation', 'comment', 'file',
      'activity', 'notification', 'media', 'media_content', 'import_run', 'import_contact', 'import_problem', 'claim']
    LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_workspace);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_workspace);
      EXECUTE format('CREATE POLICY own_organization ON %I USING (organization_id = current_setting(%L, true))',
        of_workspace, 'contact_lookup.organization');
    END LOOP;
  END $$;
  `,
  `
  CREATE TABLE person (
    email text COLLATE "C" PRIMARY KEY,
    display_name text COLLATE "C" NOT NULL,
    password text COLLATE "C" NOT NULL,
    is_disabled boolean NOT NULL DEFAULT false
  );
  CREATE TABLE membership (
    organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
    email text COLLATE "C" NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (organization_id, email)
  );
  CREATE INDEX membership_by_email ON membership (email);
  CREATE TABLE token (
    digest text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE INDEX token_by_email ON token (email);
  CREATE TABLE sign_in_code (
    email text COLLATE "C" PRIMARY KEY,
    digest text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL
  );
  CREATE TABLE sign_in_failure (
    email text COLLATE "C" PRIMARY KEY,
    count integer NOT NULL,
    until bigint NOT NULL
  );
  CREATE INDEX sign_in_failure_by_until ON sign_in_failure (until);
  `,
  `
  CREATE TABLE message (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    conversation_id text COLLATE "C" NOT NULL,
    author text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
  );
  CREATE INDEX message_by_conversation ON message (organization_id, conversation_id, created_at, seq);
  ALTER TABLE message ENABLE ROW LEVEL SECURITY;
  ALTER TABLE message FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_organization ON message USING (organization_id = current_setting('contact_lookup.organization', true));
  `,
  `
  CREATE TABLE merge (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    contact_id text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    gone text COLLATE "C" NOT NULL,
    before text COLLATE "C" NOT NULL,
    after text COLLATE "C" NOT NULL,
    moved text COLLATE "C" NOT NULL,
    earlier text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact ON DELETE CASCADE
  );
  CREATE INDEX merge_by_contact ON merge (organization_id, contact_id);
  ALTER TABLE merge ENABLE ROW LEVEL SECURITY;
  ALTER TABLE merge FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_organization ON merge USING (organization_id = current_setting('contact_lookup.organization', true));
  `,
  `ALTER TABLE contact ADD COLUMN updated_by text COLLATE "C" NOT NULL DEFAULT '';`,
  `ALTER TABLE person ADD COLUMN generation integer NOT NULL DEFAULT 0;`,
];
