// Two later versions of the phone's database, as a later release might have them: put behind
// today's steps by tests/phone/test_acceptance_migration.py.
STEPS.push(
  /** 2: every item carries a lane, which is searched for. */
  async (db, change) => {
    console.info("migration begins"); // the test's fuse is lit here
    const items = change.objectStore("items");
    for (let cursor = await items.openCursor(); cursor; cursor = await cursor.continue()) {
      await cursor.update({ ...cursor.value, lane: `${cursor.value.kind} ${cursor.value.op}` });
    }
    items.createIndex("by_lane", ["account_id", "lane"]);
  },
  /** 3: chunks carry the moment of the move; every byte is written anew, as a new key would need. */
  async (db, change) => {
    const chunks = change.objectStore("chunks");
    const kept = db.createObjectStore("kept", { autoIncrement: true });
    for (let cursor = await chunks.openCursor(); cursor; cursor = await cursor.continue()) {
      await kept.add({ ...cursor.value, moved: true });
    }
    db.deleteObjectStore("chunks");
    const anew = db.createObjectStore("chunks", {
      keyPath: ["account_id", "attachment_id", "index"],
    });
    anew.createIndex("by_photo", ["account_id", "photo_id"]);
    for (let cursor = await kept.openCursor(); cursor; cursor = await cursor.continue()) {
      await anew.add(cursor.value);
    }
    db.deleteObjectStore("kept");
    console.info("migration ends");
  },
);
