/** Requests to /api, and the one error they end in. */

/** RFC 9457 problem from the server, or code `offline` when it was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Plain words for the person, both languages. */
    readonly text: { vi: string; en: string },
    readonly field: string | null = null,
    /** Seconds of Retry-After. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${status} ${code}`);
  }
}

const OFFLINE = {
  vi: "Không tới được máy chủ. Xin thử lại khi có mạng.",
  en: "The server could not be reached. Please try again when there is a network.",
};
const UNKNOWN = {
  vi: "Máy chủ chưa làm được việc này. Xin thử lại sau.",
  en: "The server could not do this. Please try again later.",
};

/** As of a request that reached nobody. */
export const unreached = (): ApiError => new ApiError(0, "offline", OFFLINE);

interface Problem {
  code?: string;
  message?: { vi: string; en: string };
  field?: string;
}

export interface ApiInit {
  method?: string;
  json?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** fetch under /api: JSON in, JSON out (undefined for 204). path: with or without "/api". @throws ApiError */
export async function api<T>(path: string, init: ApiInit = {}): Promise<T> {
  const response = await request(path, init);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError(response.status, "offline", OFFLINE);
  }
}

/** The answer itself, for photos and packs. @throws ApiError */
export async function request(path: string, init: ApiInit = {}): Promise<Response> {
  const url = path.startsWith("/api/") ? path : `/api${path.startsWith("/") ? "" : "/"}${path}`;
  const body = init.json === undefined ? undefined : JSON.stringify(init.json);
  const headers = { ...(body ? { "content-type": "application/json" } : {}), ...init.headers };
  const method = init.method ?? (body ? "POST" : "GET");
  const options = { method, headers, credentials: "same-origin", cache: "no-store" } as const;
  let response: Response;
  try {
    response = await fetch(url, {
      ...options,
      ...(body ? { body } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreached();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as Problem | null;
  const wait = Number(response.headers.get("retry-after"));
  return new ApiError(
    response.status,
    body?.code ?? `http_${response.status}`,
    body?.message ?? UNKNOWN,
    body?.field ?? null,
    Number.isFinite(wait) && wait > 0 ? wait : null,
  );
}
