-- Accounts of a register, their sessions and tokens, and the audit trail. Times are milliseconds since 1970.
-- Of passwords, cookies, tokens and recovery codes only hashes stand here; a TOTP secret is needed as it is.

CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

CREATE TABLE account (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  grants          TEXT NOT NULL,
  password        TEXT,
  must_change     INTEGER NOT NULL DEFAULT 0,
  disabled        INTEGER NOT NULL DEFAULT 0,
  issuer          TEXT,
  subject         TEXT,
  totp_secret     BLOB,
  totp_confirmed  INTEGER NOT NULL DEFAULT 0,
  totp_step       INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL,
  last_sign_in_at INTEGER,
  UNIQUE (issuer, subject)
) STRICT;

CREATE TABLE recovery_code (
  account TEXT NOT NULL REFERENCES account (id),
  hash    BLOB NOT NULL,
  PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash          BLOB PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  account       TEXT NOT NULL REFERENCES account (id),
  began_at      INTEGER NOT NULL,
  last_seen_at  INTEGER NOT NULL,
  second_factor INTEGER NOT NULL,
  address       TEXT NOT NULL,
  agent         TEXT NOT NULL
) STRICT;
CREATE INDEX session_of_account ON session (account);

CREATE TABLE device (
  hash    BLOB NOT NULL,
  account TEXT NOT NULL REFERENCES account (id),
  used_at INTEGER NOT NULL,
  PRIMARY KEY (hash, account)
) STRICT;
CREATE INDEX device_of_account ON device (account);

CREATE TABLE token (
  hash          BLOB PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  account       TEXT NOT NULL REFERENCES account (id),
  name          TEXT NOT NULL,
  access        TEXT NOT NULL,
  levels        TEXT NOT NULL,
  second_factor INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  last_used_at  INTEGER
) STRICT;
CREATE INDEX token_of_account ON token (account);

CREATE TABLE audit (
  number  INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  account TEXT,
  name    TEXT NOT NULL,
  action  TEXT NOT NULL,
  object  TEXT NOT NULL,
  outcome TEXT NOT NULL,
  address TEXT NOT NULL,
  detail  TEXT NOT NULL,
  hash    BLOB NOT NULL
) STRICT;
CREATE INDEX audit_of_account ON audit (account);
CREATE INDEX audit_of_action ON audit (action);

CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'the audit trail is not changed');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
  SELECT raise(ABORT, 'the audit trail is not deleted');
END;
CREATE TRIGGER audit_grows BEFORE INSERT ON audit
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit) BEGIN
  SELECT raise(ABORT, 'the audit trail is numbered without gaps');
END;
