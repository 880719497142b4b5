// A mobile network between the phones and the server: cuts after some byte, sends a request twice,
// or once more long after, when newer ones have been answered.
import net from "node:net";

const LONGEST = 200_000; // bytes of a request that is remembered

export class Link {
  cuts = 0;
  repeats = 0;
  /** While `rough`, each connection breaks after so many bytes as `rng` draws. */
  constructor(target, rng) {
    this.target = target;
    this.rng = rng;
    this.rough = false;
    this.heard = [];
    this.open = new Set();
  }

  async listen() {
    this.server = net.createServer((phone) => this.carry(phone));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  close() {
    this.hangUp();
    this.server.close();
  }

  hangUp() {
    for (const socket of this.open) socket.destroy();
  }

  fuse() {
    const fuse = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
    if (!this.rough) return fuse;
    const where = this.rng();
    if (where < 0.1) fuse.up = 0;
    else if (where < 0.6) fuse.up = Math.floor(this.rng() ** 2 * 90_000);
    else if (where < 0.9) fuse.down = Math.floor(this.rng() * 1200);
    return fuse;
  }

  carry(phone) {
    const left = this.fuse();
    const server = net.connect(this.target, "127.0.0.1");
    let request = [];
    let answering = false;
    const end = () => {
      for (const socket of [phone, server]) {
        socket.destroy();
        this.open.delete(socket);
      }
    };
    for (const socket of [phone, server]) {
      this.open.add(socket);
      socket.on("error", end);
      socket.on("close", end);
    }
    const passes = (direction, data) => {
      const part = data.subarray(0, left[direction]);
      left[direction] -= part.length;
      return part;
    };
    phone.on("data", (data) => {
      if (answering) request = [];
      answering = false;
      const part = passes("up", data);
      request.push(part);
      server.write(part);
      if (left.up <= 0) this.cut(end, server);
    });
    server.on("data", (data) => {
      if (!answering) this.remember(Buffer.concat(request));
      answering = true;
      const part = passes("down", data);
      phone.write(part);
      if (left.down <= 0) this.cut(end, phone);
    });
  }

  /** What went on its way before the cut arrives. */
  cut(end, towards) {
    if (towards.destroyed) return;
    this.cuts++;
    towards.end(end);
  }

  remember(request) {
    if (!/^(?:PUT|POST)/.test(request.subarray(0, 5).toString("latin1"))) return;
    if (request.length < LONGEST) this.heard = [...this.heard.slice(-20), request];
    if (this.rough && this.rng() < 0.1) this.repeat();
  }

  /** Some request that was answered before arrives again; nobody waits for the answer. */
  repeat() {
    const request = this.heard[Math.floor(this.rng() * this.heard.length)];
    if (!request) return;
    this.repeats++;
    const again = net.connect(this.target, "127.0.0.1");
    this.open.add(again);
    again.on("error", () => this.open.delete(again));
    again.on("data", () => again.destroy());
    again.on("close", () => this.open.delete(again));
    again.write(request);
  }
}
