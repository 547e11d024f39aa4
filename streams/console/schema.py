"""The tables of the console's store: decisions and events as they came, and the sums that pages show.

Words that repeat (playbooks, reasons, stages) are numbers of `name`. Hours are whole hours since 1970, weeks begin on
Monday 00:00 UTC. No text of a member is kept anywhere.
"""

VERSION = 2
# What came later than a version, without another meaning of what was there: counted from the next record on in a file that is older;
# and a part that has another name now.
LATER = """
CREATE TABLE IF NOT EXISTS need (
  day INTEGER, community INTEGER, kind INTEGER, place INTEGER, count INTEGER NOT NULL, PRIMARY KEY (day, community, kind, place)
) WITHOUT ROWID;
UPDATE name SET text = 'waved_away' WHERE text = 'regretted';
"""
SCHEMA = """
CREATE TABLE about (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reading (topic TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic, partition)) WITHOUT ROWID;
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE member (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, ref TEXT NOT NULL UNIQUE);
CREATE TABLE decision (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL, member INTEGER NOT NULL, time REAL NOT NULL, reason INTEGER NOT NULL,
  playbook INTEGER NOT NULL, resource INTEGER NOT NULL, channel INTEGER NOT NULL, lane INTEGER NOT NULL, theme INTEGER NOT NULL,
  passed INTEGER NOT NULL, versions INTEGER NOT NULL, episode TEXT NOT NULL, command BLOB, attempt INTEGER NOT NULL,
  until REAL NOT NULL, probability REAL NOT NULL, needed TEXT NOT NULL, seen TEXT NOT NULL, replay INTEGER NOT NULL
);
CREATE UNIQUE INDEX decision_member ON decision (member, time, id);
CREATE INDEX decision_playbook ON decision (playbook);
CREATE INDEX decision_reason ON decision (reason);
CREATE INDEX decision_both ON decision (playbook, reason);
CREATE INDEX decision_command ON decision (command) WHERE command IS NOT NULL;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL, member INTEGER NOT NULL, time REAL NOT NULL, kind INTEGER NOT NULL, about TEXT NOT NULL
);
CREATE UNIQUE INDEX event_member ON event (member, time, id);
CREATE TABLE hourly (
  hour INTEGER, playbook INTEGER, reason INTEGER, count INTEGER NOT NULL, PRIMARY KEY (hour, playbook, reason)
) WITHOUT ROWID;
CREATE INDEX hourly_reason ON hourly (reason, hour, playbook, count);
CREATE TABLE daily (
  day INTEGER, playbook INTEGER, reason INTEGER, count INTEGER NOT NULL, PRIMARY KEY (day, playbook, reason)
) WITHOUT ROWID;
CREATE TABLE fault (
  day INTEGER, playbook INTEGER, part INTEGER, count INTEGER NOT NULL, PRIMARY KEY (day, playbook, part)
) WITHOUT ROWID;
CREATE TABLE member_week (
  week INTEGER, member INTEGER, sends INTEGER NOT NULL, PRIMARY KEY (week, member)
) WITHOUT ROWID;
CREATE TABLE week_sends (
  week INTEGER, sends INTEGER, members INTEGER NOT NULL, PRIMARY KEY (week, sends)
) WITHOUT ROWID;
CREATE TABLE gap (id TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
