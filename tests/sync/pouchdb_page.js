// PouchDB in a page, its store in IndexedDB: two devices and the server end with the same.
// Evaluated with [address of the server, name, password]; gives what each of the three has.
async ([url, username, password]) => {
  const auth = { username, password };
  const remote = new PouchDB(`${url}browser`, { auth });
  const phone = new PouchDB("phone");
  const tablet = new PouchDB("tablet");
  const photo = new Blob([new Uint8Array(200_000).map((_, i) => i * 31)], { type: "image/jpeg" });
  const note = new Blob(["chữ ".repeat(2000)], { type: "text/plain" });
  for (let n = 0; n < 60; n++) await phone.put({ _id: `d${n}`, n, text: "Trần Thị Đào" });
  await phone.put({
    _id: "photo/đ",
    _attachments: {
      "ảnh 1.jpg": { content_type: "image/jpeg", data: photo },
      note: { content_type: "text/plain", data: note },
      none: { content_type: "image/jpeg", data: new Blob([]) },
    },
  });
  await phone.replicate.to(remote);
  await tablet.replicate.from(remote);
  for (const [name, db] of Object.entries({ phone, tablet })) {
    await db.put({ ...(await db.get("d1")), by: name });
    await db.put({ ...(await db.get("photo/đ")), by: name });
  }
  await phone.remove(await phone.get("d2"));
  await phone.sync(remote);
  await tablet.sync(remote);
  await phone.sync(remote);

  async function everything(db) {
    const found = {};
    const { results } = await db.changes({ style: "all_docs" });
    for (const { id } of results) {
      const leaves = await db.get(id, { open_revs: "all", revs: true });
      for (const { ok } of leaves) {
        const files = {};
        for (const [name, meta] of Object.entries(ok._attachments ?? {})) {
          const blob = await db.getAttachment(id, name, { rev: ok._rev });
          const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
          files[name] = [meta.content_type, blob.size, Array.from(new Uint8Array(hash)).join()];
        }
        found[`${id} ${ok._rev}`] = { ...ok, _attachments: files };
      }
    }
    return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  const said = [];
  for (const db of [phone, tablet, remote]) said.push(await everything(db));
  const { _conflicts } = await remote.get("d1", { conflicts: true });
  return { said, conflicts: _conflicts.length };
};
