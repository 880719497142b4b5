/** The devices of one account, made of the grants that the server lists. */

/** A grant as `GET /api/grants` tells it. Times are ISO, UTC. */
export interface GrantLine {
  readonly id: string;
  readonly owner: string;
  readonly device: string;
  /** Browser and system, "chrome-android"; null where it was never noted. */
  readonly kind: string | null;
  readonly created_at: string;
  readonly seen_at: string;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  readonly lost_at: string | null;
}

export interface Device {
  readonly device: string;
  /** A grant for each owner of this device: ending them ends all that the device may do. */
  readonly grants: readonly string[];
  readonly browser: string;
  readonly system: string;
  /** Its first grant: tells two devices of one kind apart. */
  readonly since: string;
  readonly seenAt: string;
  /** able: it may send · signIn: it must sign in first · lost: its next contact wipes it. */
  readonly state: "able" | "signIn" | "lost";
  readonly here: boolean;
}

/** mine: device ids of the vaults on this device. This device comes first, then the latest seen. */
export function devicesOf(
  grants: readonly GrantLine[],
  mine: ReadonlySet<string>,
  now: string,
): Device[] {
  const byDevice = new Map<string, GrantLine[]>();
  for (const grant of grants)
    byDevice.set(grant.device, [...(byDevice.get(grant.device) ?? []), grant]);
  return [...byDevice.values()]
    .map((lines) => deviceOf(lines, mine, now))
    .sort((a, b) => Number(b.here) - Number(a.here) || b.seenAt.localeCompare(a.seenAt));
}

function deviceOf(lines: readonly GrantLine[], mine: ReadonlySet<string>, now: string): Device {
  const latestFirst = [...lines].sort((a, b) => b.seen_at.localeCompare(a.seen_at));
  const [latest] = latestFirst as [GrantLine];
  const [browser = "other", system = "other"] =
    latestFirst.find(({ kind }) => kind)?.kind?.split("-") ?? [];
  const owners = new Map(latestFirst.map(({ owner, id }) => [owner, id]));
  return {
    device: latest.device,
    grants: [...owners.values()],
    browser,
    system,
    since: lines.map(({ created_at }) => created_at).sort()[0] ?? latest.created_at,
    seenAt: latest.seen_at,
    state: stateOf(lines, now),
    here: mine.has(latest.device),
  };
}

function stateOf(lines: readonly GrantLine[], now: string): Device["state"] {
  if (lines.some(({ lost_at }) => lost_at)) return "lost";
  const good = lines.some(({ revoked_at, expires_at }) => !revoked_at && expires_at > now);
  return good ? "able" : "signIn";
}
