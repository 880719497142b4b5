"""What a phone's page says about itself. Scripts run before the page's own; `performance.now()`
counts from the start of the navigation, the connection and the worker's start included."""

WHEN = """
const when = (selector, then) => {
  const look = () => {
    const found = document.querySelector(selector);
    if (found) then(found); else requestAnimationFrame(look);
  };
  look();
};
"""

# A person without hesitation: home's tile, "own phone", a PIN, the first field.
FIRST_FIELD = f"""(() => {{ {WHEN}
  when('a[href="/to-khai/moi"]', (tile) => {{
    window.home = performance.now();
    tile.click();
    when('input[name=mode][value=own]', (own) => {{
      own.click();
      when('#pin-input', (field) => {{
        addEventListener('input', (event) => {{
          if (event.isTrusted) window.usable ??= performance.now();
        }}, true);
        field.focus();
        window.asked = performance.now();
      }});
    }});
  }});
}})();"""

# The moment after the frame that first shows home's heading. It is said on the console: whatever
# Playwright evaluates in a page first compiles a library there, on the same slow processor.
HEADING = f"""(() => {{ {WHEN}
  when('main h1', () => {{
    const after = new MessageChannel();
    after.port1.onmessage = () => console.debug('painted', performance.now());
    requestAnimationFrame(() => after.port2.postMessage(null));
  }});
}})();"""

# The press on the shutter, and the commit of the transaction that holds the photo's parts.
SHUTTER = """(() => {
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...given) {
    const tx = begin.apply(this, given);
    if (given[1] === 'readwrite' && tx.objectStoreNames.contains('bytes'))
      tx.addEventListener('complete', () => { window.saved = performance.now(); });
    return tx;
  };
  addEventListener('click', (event) => {
    if (event.target.closest('[data-shoot]')) window.pressed = event.timeStamp;
  }, true);
})();"""

# How much of this device's documents the server does not have yet, and the photo parts' bytes.
STORE = """async () => {
  const open = indexedDB.open('doibang');
  const db = await new Promise((resolve, reject) => {
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  const all = (name) => new Promise((resolve, reject) => {
    const asked = db.transaction([name]).objectStore(name).getAll();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  try {
    const docs = await all('docs');
    const bytes = await all('bytes');
    return {
      due: docs.filter((row) => row.due).length,
      chunks: docs.filter((row) => row.id.startsWith('chunk:')).length,
      sealed: bytes.reduce((sum, row) => sum + row.bytes.length, 0),
      texts: docs.filter((row) => !row.id.startsWith('chunk:'))
        .reduce((sum, row) => sum + JSON.stringify(row.body).length, 0),
    };
  } finally {
    db.close();
  }
}"""

# The QR decoder is on the phone: scanning works without a network.
DECODER = """async () => {
  const idle = await caches.open('idle');
  return (await idle.keys()).some(({ url }) => url.endsWith('.wasm'));
}"""

# Another page of the app, as its links open it.
MOVE = """(to) => {
  history.pushState(null, '', to);
  dispatchEvent(new PopStateEvent('popstate'));
}"""

# Bytes that the app's first JPEG quality makes of a picture.
KEPT = """async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 })).size;
}"""

# How long each look of the camera takes, in milliseconds.
LOOKS = """() => {
  const camera = customElements.get("db-camera").prototype;
  const look = camera.look;
  window.looks = [];
  camera.look = function () {
    const began = performance.now();
    look.call(this);
    window.looks.push(performance.now() - began);
  };
}"""
